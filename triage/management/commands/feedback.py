"""manage.py feedback: prints what people sent, one line each, oldest first."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from triage.terminal import visible
from triage.web.pages.views.feedback import kept


class Command(BaseCommand):
    help = "Print the feedback that people sent: day, language, page and words."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in kept():
            told = f"{line['day']} {line['lang']} /{line['page']}: {line['words']}"
            self.stdout.write(visible(told))
