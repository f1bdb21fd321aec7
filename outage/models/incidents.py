"""What is said: incidents, what is proposed of them, and what stands around them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from outage.models.staff import Organisation


class Stage(models.TextChoices):
    """Where an incident or a proposal stands. incidents.py holds the moves between them."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Awaiting approval"
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"


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


class Authored(models.Model):
    """What one person wrote, and when they last did."""

    author = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Addition(Authored):
    """What somebody wants to add to a public timeline: a second person approves its words."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="additions")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.SUBMITTED)
    kind = models.CharField(max_length=20)
    entry = models.JSONField()
    # The event that asked for it.
    event = models.PositiveBigIntegerField(unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]

    def __str__(self) -> str:
        return f"{self.incident} {self.kind}"


class HandOver(Authored):
    """What one shift leaves to the next. Read first by whoever signs in."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    words = models.CharField(max_length=1000)
    read_by = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.at:%Y-%m-%d %H:%M}"


class IncidentReview(Authored):
    """What was learned of an incident after its end. Public only once two people said so."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="review")
    lessons_en = models.CharField(max_length=600, blank=True)
    lessons_cy = models.CharField(max_length=600, blank=True)

    def __str__(self) -> str:
        return f"review of {self.incident}"


class StatementTemplate(Authored):
    """What an organisation says often, under a name: "Storm: 101 busy". It has no times."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    content = models.JSONField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_template_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
