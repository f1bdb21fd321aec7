"""The record of it all, and what a reading of it hangs on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


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
