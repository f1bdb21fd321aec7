"""Who is told, by which way, and what waits to be sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from outage.models.staff import Operator, Organisation


class ContactChoice(models.Model):
    """How one person is told, and of what. Without a row they are told of everything, by mail and
    on each of their phones."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="choice")
    # By mail, and on their phones.
    occasions = models.JSONField(default=list)
    phone_occasions = models.JSONField(default=list)
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


class Phone(models.Model):
    """A browser that one person enrolled to be told by web push.

    `subscription` (where it is reached, and its keys) is sealed; `mark` is a hash of its address,
    by which the same browser is known again. Both are forgotten once its push service says that it
    is gone; the row then says so, until its person takes it away.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="phones")
    name = models.CharField(max_length=40)
    subscription = models.TextField(blank=True)
    mark = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["mark"], condition=~Q(mark=""), name="phone_tells_one_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.operator}"


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


class Subscription(models.Model):
    """Somebody outside who is told of faults in one place, by mail or to an address of their own.

    `mail`, `url` and `secret` are sealed; `mark` is a keyed hash by which the same receiver is
    known again. The row goes when they leave, and after three days where they never confirmed.
    """

    way = models.CharField(max_length=10)
    mail = models.TextField()
    url = models.TextField(blank=True)
    secret = models.TextField(blank=True)
    mark = models.CharField(max_length=64, db_index=True)
    # As feeds name it: uk, a nation or an area.
    place = models.CharField(max_length=60, db_index=True)
    lang = models.CharField(max_length=2)
    # Empty: all of them.
    services = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.way} {self.place} {self.pk}"


class ToldStep(models.Model):
    """A step of an incident's life that subscribers of one place were told, once."""

    key = models.CharField(max_length=250, unique=True)
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
