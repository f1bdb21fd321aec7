"""Who may speak: organisations, their people, and what stands ready for them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from triage.engine.situation import IssuerKind


class Role(models.TextChoices):
    """What an operator may do within the organisation's rights.

    A viewer reads the board and the record; an editor declares, approves, amends and stands
    down; a manager is an editor who also looks after operators, local numbers and details.
    """

    VIEWER = "viewer", "Viewer"
    EDITOR = "editor", "Editor"
    MANAGER = "manager", "Manager"


class OrganisationKind(models.TextChoices):
    ANSWERING_SERVICE = IssuerKind.ANSWERING_SERVICE.value, "Answering service"
    CARRIER = IssuerKind.CARRIER.value, "Telephone or network company"
    GOVERNMENT = IssuerKind.GOVERNMENT.value, "Government"
    OTHER = IssuerKind.OTHER.value, "Other"


class Organisation(models.Model):
    """A body that may speak: its services and its territory are its rights."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    name_cy = models.CharField("name in Welsh", max_length=120)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    services = models.JSONField(default=list, blank=True)
    footprints = models.JSONField(default=list)
    # What a body that answers no emergencies speaks for, by the ids of the catalogue.
    channels = models.JSONField(default=list, blank=True)
    widget_hosts = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Operator(models.Model):
    """A member of staff: one account, one organisation, one role."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="operator"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="operators"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        ordering: ClassVar[list[str]] = ["user__username"]

    def __str__(self) -> str:
        return f"{self.user} ({self.organisation}, {self.role})"


class Invitation(models.Model):
    """A link by which one person joins an organisation, once. Only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    role = models.CharField(max_length=10, choices=Role.choices)
    invited_by = models.CharField(max_length=150)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation} {self.role}"


class LocalNumber(models.Model):
    """A number kept for the day 999 fails. Shown only when a statement publishes it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    number = models.CharField(max_length=21)
    footprint = models.CharField(max_length=120)
    what_for = models.CharField(max_length=200)
    tested_at = models.DateTimeField()
    tested_by = models.CharField(max_length=150)
    valid_until = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["organisation", "number"]

    def __str__(self) -> str:
        return f"{self.number} ({self.what_for})"


class ApiKey(models.Model):
    """By which a control room's own system acts: as an account of its own, within its scopes.

    Only a hash of the secret is kept. `account` signs in nowhere; its name stands in every event.
    """

    account = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="api_key")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    # Networks it may be used from, like 192.0.2.0/24; from anywhere where there are none.
    networks = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class ApiAnswer(models.Model):
    """What was answered to a call, so that the same call again changes nothing more."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE)
    idempotency_key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "idempotency_key"], name="one_answer_for_a_call")
        ]

    def __str__(self) -> str:
        return self.idempotency_key
