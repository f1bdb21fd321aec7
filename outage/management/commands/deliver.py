"""Sends the messages of the outbox. --watch: goes on until it is ended, and keeps an eye on checks
that fall due and on taps of people who could not get through. One process for all nodes is enough;
two do no harm."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from outage import bulletin
from outage.notify import delivery, reminders
from outage.signals import alarms, summing
from triage import clock
from triage.web.feeds import followers

log = logging.getLogger("which_number.notify")
PAUSE = 0.5
# Reminders are minutes apart: they need no query twice a second.
_ROUNDS = 20
_HOURLY = _ROUNDS * 360


class Command(BaseCommand):
    help = "Send what waits in the outbox, by mail, webhook and to phones (--watch: go on)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on until ended")

    def handle(self, *args: object, **options: Any) -> None:
        _refuse_without_key()
        if not options["watch"]:
            reminders.remind(clock.now())
            alarms.watch(clock.now())
            _tell_followers()
            while sent := delivery.deliver(clock.now):
                self.stdout.write(f"{sent} sent")
            return
        over = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: over.set())
        rounds = 0
        while not over.wait(0 if _round(rounds) else PAUSE):
            rounds += 1


def _refuse_without_key() -> None:
    """What is sent is unsealed and signed with it."""
    try:
        bool(settings.SECRET_KEY)
    except ImproperlyConfigured as error:
        raise CommandError(settings.WITHOUT_KEY) from error


def _tell_followers() -> None:
    """What the public reads now, to those outside who follow it."""
    bulletin.refresh()
    followers.tell_all(clock.now())


def _round(number: int) -> bool:
    """One look; whether there may be more to send at once."""
    try:
        close_old_connections()
        if number % _ROUNDS == 0:
            reminders.remind(clock.now())
            _watch_signals()
            _tell_followers()
        if number % _HOURLY == 0:
            summing.purge(clock.now())
        return delivery.deliver(clock.now) > 0
    except (OperationalError, InterfaceError) as error:
        log.error("messages wait, the database is away: %s", error)
        return False


def _watch_signals() -> None:
    """A fault of early warning must keep nobody's message back."""
    try:
        alarms.watch(clock.now())
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("early warning could not look")
