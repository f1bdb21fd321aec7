"""Read an exported record into an empty database, after proving its chain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outage.audit import archive
from outage.models import Operator


class Command(BaseCommand):
    help = "Restore a record that export_record wrote as JSON. Refuses one that was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = json.loads(Path(options["file"]).read_text(encoding="utf-8"))
            count = archive.restore(data)
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        except archive.RestoreError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored {count} events.")
        if names := list(Operator.objects.values_list("user__username", flat=True)):
            self.stdout.write(
                "Passwords, second factors and mail addresses are in no record. Set a password "
                f"with `manage.py changepassword NAME` for each of: {', '.join(names)}."
            )
