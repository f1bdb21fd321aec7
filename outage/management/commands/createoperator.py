"""Make an account for a person, and their organisation where it does not exist yet."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from outage.models import Organisation, OrganisationKind, Role
from outage.statements.errors import RefusedError
from outage.workflow import accounts
from triage import clock
from triage.engine.catalogue import Service
from triage.rules import rulebook


class Command(BaseCommand):
    help = "Make the account of an operator. They set up a second factor at their first sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name they sign in with")
        parser.add_argument("--organisation", required=True, help="its slug, e.g. kent-police")
        parser.add_argument("--role", choices=Role.values, default=Role.EDITOR.value)
        parser.add_argument("--email", default="")
        parser.add_argument("--admin", action="store_true", help="may also use /staff/admin/")
        parser.add_argument("--password-stdin", action="store_true", help="read it, do not ask")
        new = parser.add_argument_group("a new organisation")
        new.add_argument("--called", help="its name in English")
        new.add_argument("--called-cy", help="its name in Welsh")
        new.add_argument(
            "--kind",
            choices=OrganisationKind.values,
            default=OrganisationKind.ANSWERING_SERVICE.value,
        )
        new.add_argument("--service", action="append", default=[], choices=[*map(str, Service)])
        new.add_argument("--footprint", action="append", default=[], help="e.g. police:kent")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            organisation = _organisation(options)
            user = _user(options)
            accounts.set_operator(user, organisation, Role(options["role"]), "createoperator",
                                   clock.now())  # fmt: skip
        except (RefusedError, ValidationError) as error:
            raise CommandError(_sentence(error)) from error
        self.stdout.write(f"{options['name']} may sign in at /staff/ for {organisation}.")


def _sentence(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _organisation(options: dict[str, Any]) -> Organisation:
    slug = options["organisation"]
    found = Organisation.objects.filter(slug=slug).first()
    if found is not None:
        return found
    if not (options["called"] and options["called_cy"] and options["footprint"]):
        known = ", ".join(Organisation.objects.values_list("slug", flat=True)[:20]) or "none yet"
        raise RefusedError(
            f'There is no organisation "{slug}" (there is: {known}). To make it, give --called, '
            "--called-cy and --footprint too."
        )
    values = {
        "slug": slug,
        "name": options["called"],
        "name_cy": options["called_cy"],
        "kind": options["kind"],
        "services": options["service"],
        "footprints": options["footprint"],
    }
    return accounts.set_organisation(values, rulebook(), "createoperator", clock.now())


def _user(options: dict[str, Any]) -> Any:
    users = get_user_model()
    if users.objects.filter(username=options["name"]).exists():
        raise RefusedError(f'There is already an account "{options["name"]}".')
    stdin = options["password_stdin"]
    password = sys.stdin.readline().rstrip("\n") if stdin else getpass("Password: ")
    user = users(username=options["name"], email=options["email"])
    user.is_superuser = options["admin"]
    validate_password(password, user)
    user.set_password(password)
    return accounts.set_account(user, "createoperator", clock.now())
