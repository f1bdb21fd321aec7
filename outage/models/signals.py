"""What people tapped who could not get through, as counts; and what rang because of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SignalCount(models.Model):
    """Taps of "It did not connect" in one minute, as one process counted them: in halves of a tap.

    `place` is area:SLUG, nation:SLUG, uk or network:ID. Nothing here says who tapped: `marks` has a
    bit for each block that was new, which thousands of blocks share, and is emptied after half an
    hour (triage/signals/blocks.py).
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
    marks = models.BinaryField(db_default=b"")

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
