"""What is stored: who may speak, what they said, and the record of it.

Rows only. Nothing but incidents.py writes incidents, proposals and events; nothing outside this
package sees a row (bulletin.py gives values).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

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


class Stage(models.TextChoices):
    """Where an incident or a proposal stands. incidents.py holds the moves between them."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Awaiting approval"
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"


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


class Incident(models.Model):
    """One fault as one organisation states it. `published` is what the public reads, if any.

    `version` grows with everything that happens to it: an editor who saw an older one is told.
    """

    slug = models.SlugField(max_length=120, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    channel = models.CharField(max_length=80)
    published = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    exercise = models.BooleanField(default=False)
    pretend = models.BooleanField(default=False)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return self.slug


class Proposal(models.Model):
    """What somebody wants to publish. `seal` is the hash that an approval signs."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="proposals")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    content = models.JSONField()
    seal = models.CharField(max_length=64, blank=True)
    base_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    authors = models.JSONField(default=list)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=150, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)
    returned_because = models.CharField(max_length=300, blank=True)
    # Of the form that it was posted with: the same form, sent again, makes no second one.
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(stage__in=["draft", "submitted"]),
                name="one_open_proposal",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="one_proposal_for_a_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident} {self.stage}"


class TypedForm(models.Model):
    """What somebody types and has not kept yet: it outlives their session and their connection.

    `body` is the form as a browser posts it; nobody but its author is shown it.
    """

    key = models.CharField(max_length=80, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    path = models.CharField(max_length=120)
    body = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-changed_at"]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"


class Addition(models.Model):
    """What somebody wants to add to a public timeline: a second person approves its words."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="additions")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SUBMITTED)
    kind = models.CharField(max_length=20)
    entry = models.JSONField()
    author = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    # The event that asked for it.
    event = models.PositiveBigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.incident} {self.kind}"


class HandOver(models.Model):
    """What one shift leaves to the next. Read first by whoever signs in."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    words = models.CharField(max_length=1000)
    author = models.CharField(max_length=150)
    at = models.DateTimeField()
    read_by = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.at:%Y-%m-%d %H:%M}"


class IncidentReview(models.Model):
    """What was learned of an incident after its end. Public only once two people said so."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="review")
    lessons_en = models.CharField(max_length=600, blank=True)
    lessons_cy = models.CharField(max_length=600, blank=True)
    author = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review of {self.incident}"


class StatementTemplate(models.Model):
    """What an organisation says often, under a name: "Storm: 101 busy". It has no times."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    content = models.JSONField()
    kept_by = models.CharField(max_length=150)
    kept_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_template_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


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


class ContactChoice(models.Model):
    """How one person is told, and of what. Without a row they are told of everything, by mail."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="choice")
    occasions = models.JSONField(default=list)
    # UK time. Between the two nothing is sent but what was published by one person alone.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.operator)


class Webhook(models.Model):
    """Where an organisation's own pager, chat or gateway takes its messages. `secret` is sealed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    url = models.URLField(max_length=300)
    secret = models.CharField(max_length=300)
    occasions = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    added_by = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return self.url


class OutboxMessage(models.Model):
    """One message to one receiver, written in the transaction of what it tells of.

    `key` says what it tells whom: it is written once, and the receiver may know it again by it.
    """

    key = models.CharField(max_length=200, unique=True)
    way = models.CharField(max_length=10)
    receiver = models.CharField(max_length=254)
    occasion = models.CharField(max_length=30)
    incident = models.CharField(max_length=120, blank=True)
    content = models.JSONField()
    written_at = models.DateTimeField()
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"],
                condition=Q(sent_at=None, gave_up_at=None),
                name="outbox_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    """One line of the record. Never changed, never deleted: database triggers refuse it too.

    `body` is the exact text that was hashed; the other fields repeat parts of it for search.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    incident = models.CharField(max_length=120, blank=True, db_index=True)
    organisation = models.CharField(max_length=80, blank=True)
    actor = models.CharField(max_length=150)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.incident}"


class BulletinVersion(models.Model):
    """One row. Bumped in the transaction of every publication; the watchers ask for it alone."""

    version = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.version)


class SignInCounter(models.Model):
    """Failed sign-ins, counted for all nodes together: the table of the cache in settings.py."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "sign_in_counter"

    def __str__(self) -> str:
        return self.cache_key


class RulebookCopy(models.Model):
    """The seeds as they were, by their digest, so that a replay uses the rules of the time."""

    digest = models.CharField(max_length=64, primary_key=True)
    archive = models.BinaryField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:12]


class SignalCount(models.Model):
    """Taps of "It did not connect" in one minute, as one process counted them: in halves of a tap.

    `place` is area:SLUG, nation:SLUG, uk or network:ID. Nothing here says who tapped.
    """

    minute = models.DateTimeField(db_index=True)
    channel = models.CharField(max_length=80)
    place = models.CharField(max_length=100)
    process = models.CharField(max_length=8)
    taps = models.PositiveIntegerField(default=0)
    blocks = models.PositiveIntegerField(default=0)
    bare = models.PositiveIntegerField(default=0)
    rush = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.channel} {self.place} {self.minute:%Y-%m-%d %H:%M}"


class SignalDay(models.Model):
    """What is left of the counts of a day after a month."""

    day = models.DateField()
    channel = models.CharField(max_length=80)
    place = models.CharField(max_length=100)
    taps = models.PositiveIntegerField(default=0)
    blocks = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "channel", "place"], name="one_sum_for_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.place} {self.day}"


class SignalAlarm(models.Model):
    """That a channel rang at a place, until it is quiet. Shown to operators alone.

    `source` is empty for taps; else who said it (a key, or the probe), and `what` says what.
    The figures are those of the moment at which it was highest.
    """

    channel = models.CharField(max_length=80)
    place = models.CharField(max_length=100)
    source = models.CharField(max_length=150, blank=True)
    what = models.CharField(max_length=40, blank=True)
    rang_at = models.DateTimeField()
    last_at = models.DateTimeField()
    quiet_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    blocks = models.FloatField(default=0)
    taps = models.FloatField(default=0)
    usual = models.FloatField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["-rang_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["channel", "place", "source"],
                condition=Q(quiet_at=None),
                name="one_alarm_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.place}"


class SignalMute(models.Model):
    """That nobody is told of a channel at a place for an hour, by whom and why."""

    channel = models.CharField(max_length=80)
    place = models.CharField(max_length=100)
    at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"{self.channel} {self.place} until {self.until:%H:%M}"
