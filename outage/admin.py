"""Django's admin at /staff/admin/, for whoever runs the site: organisations, operators, accounts.

Incidents, drafts and the record are not here on purpose: incidents.py is their only writer.
What is changed here is written by accounts.py, each change with its event; nothing is deleted but
a second factor that was lost. Signing in is allauth's, with the second factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.admin import EmailAddress, EmailConfirmation
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from outage.audit.record import writing
from outage.models import Operator, Organisation, Role
from outage.statements.errors import RefusedError
from outage.workflow import accounts
from triage import clock
from triage.rules import rulebook

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Which Number: who may speak"
# Rights are roles here, and mail addresses stand with the account: no second way to either.
admin.site.unregister([Group, User, Authenticator])
for model in filter(admin.site.is_registered, (EmailAddress, EmailConfirmation)):
    admin.site.unregister(model)


class OrganisationForm(ModelForm):  # type: ignore[type-arg]
    """Refuses services and footprints that the rulebook does not know."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        try:
            accounts.check_organisation(values, rulebook())
        except RefusedError as error:
            raise ValidationError(str(error)) from error
        return values


class AccountForm(UserChangeForm):  # type: ignore[type-arg]
    """Refuses to shut out the last account that runs the site."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        try:
            accounts.check_account(self.instance)
        except RefusedError as error:
            self.add_error(None, str(error))


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
        accounts.save_organisation(obj, request.user.get_username(), clock.now())


@admin.register(Operator)
class OperatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "organisation", "role")
    list_filter = ("role",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Close the account instead: the record keeps naming it."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        who = request.user.get_username()
        saved = accounts.set_operator(obj.user, obj.organisation, Role(obj.role), who, clock.now())
        obj.pk = saved.pk


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    """Accounts: open or closed, and which of them run the site. None is ever deleted."""

    form = AccountForm
    fieldsets = (
        (None, {"fields": ("username", "password", "email", "is_active", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "email", "password1", "password2")}),)
    list_display = ("username", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("username",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Close the account instead: the record keeps naming it."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        accounts.set_account(obj, request.user.get_username(), clock.now())

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  # the name Django gives it
        form_url: str = "",
    ) -> HttpResponse:
        """The password of an account, in one transaction with its event."""
        if request.method != "POST":
            return super().user_change_password(request, id, form_url)
        with writing():
            answer = super().user_change_password(request, id, form_url)
            if answer.status_code == 302:
                user = User.objects.get(pk=id)
                accounts.password_set(user, request.user.get_username(), clock.now())
        return answer


@admin.register(Authenticator)
class SecondFactorAdmin(AuthenticatorAdmin):  # type: ignore[misc]  # allauth has no types
    """Second factors: taken away where one was lost, and read by nobody."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        accounts.drop_factor(obj, request.user.get_username(), clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        for factor in queryset:
            self.delete_model(request, factor)
