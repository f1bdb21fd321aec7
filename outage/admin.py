"""Django's admin at /staff/admin/, for whoever runs the site: organisations, operators, accounts.

Incidents, drafts and the record are not here on purpose: lifecycle.py is their only writer.
What is changed here goes into the record too. Signing in is allauth's, with the second factor.
"""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest

from outage import staffing
from outage.models import Operator, Organisation, Role
from outage.writing import Refused
from triage import clock
from triage.rules import rulebook

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Which Number: who may speak"


class OrganisationForm(ModelForm):  # type: ignore[type-arg]
    """Refuses services and footprints that the rulebook does not know."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        try:
            staffing.check_organisation(values, rulebook())
        except Refused as error:
            raise ValidationError(str(error)) from error
        return values


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = OrganisationForm
    list_display = ("name", "kind", "active")
    search_fields = ("name", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What spoke once is in the record for ever: close it instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        staffing.save_organisation(obj, request.user.get_username(), clock.now())


@admin.register(Operator)
class OperatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "organisation", "role")
    list_filter = ("role",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Close the account instead: the record keeps naming it."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        who = request.user.get_username()
        saved = staffing.set_operator(obj.user, obj.organisation, Role(obj.role), who, clock.now())
        obj.pk = saved.pk
