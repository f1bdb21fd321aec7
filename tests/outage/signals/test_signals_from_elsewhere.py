"""Signals by key, and of forms that answer with an error: one door, and the same people told."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from outage.models import Event, Incident, OutboxMessage, SignalAlarm
from outage.signals import alarms, reaching
from outage.signals.reaching import FormAddress
from outage.statements.actor import Actor
from outage.workflow import api_keys
from tests.cast import NOON
from tests.outage.api.test_declaring_api import call
from tests.outage.workflow.test_people import manager
from triage import links
from triage.management.commands import probe

pytestmark = pytest.mark.django_db
HERE = "area:leicestershire"
SEEN = {"channel": "999", "place": HERE, "what": "fewer-calls"}


def key_of(by: Actor, *scopes: str) -> str:
    return api_keys.make(manager(by), "monitor-1", scopes, [], 90)


def test_a_control_room_warns_by_key_and_nothing_is_published(ann: Actor, bob: Actor) -> None:
    key = key_of(ann, "signal")
    answer = call(key, "signals", SEEN)
    assert answer.json() == {"channel": "999", "place": HERE, "ringing": True}
    alarm = SignalAlarm.objects.get()
    assert alarms.sentence(alarm) == (
        "999, Leicestershire and Rutland: far fewer calls arrive than usual "
        "(key:leicestershire-police:monitor-1)"
    )
    assert OutboxMessage.objects.filter(occasion="signal", receiver="bob@example.org").exists()
    assert not Incident.objects.exists()
    assert call(key, "signals", {**SEEN, "over": True}).json()["ringing"] is False
    assert SignalAlarm.objects.get().quiet_at
    kinds = [*Event.objects.values_list("kind", flat=True)]
    assert kinds[-2:] == ["signal-rang", "signal-quiet"]


def test_a_carrier_warns_of_the_whole_uk(cab: Actor, nat: Actor) -> None:
    key = key_of(cab, "signal")
    given = {"channel": "999", "place": "uk", "what": "own-monitoring"}
    assert call(key, "signals", given).status_code == 200
    assert OutboxMessage.objects.filter(occasion="signal", receiver="nat@example.org").exists()


@pytest.mark.parametrize(
    ("scopes", "change", "status"),
    [
        (("draft",), {}, 403),
        (("signal",), {"place": "area:kent"}, 403),
        (("signal",), {"place": "area:nowhere"}, 422),
        (("signal",), {"channel": "nonsense"}, 422),
        (("signal",), {"what": "<b>"}, 422),
        (("signal",), {"words": "call me"}, 200),
    ],
)
def test_a_key_warns_of_its_own_place_with_closed_values(
    ann: Actor, scopes: tuple[str, ...], change: dict[str, Any], status: int
) -> None:
    assert call(key_of(ann, *scopes), "signals", {**SEEN, **change}).status_code == status
    assert SignalAlarm.objects.exists() is (status == 200)


def test_forms_and_force_sites_are_known() -> None:
    found = [*reaching.addresses()]
    assert len(found) == len(set(found)) > 50
    assert any(a.place == HERE for a in found)
    assert all(a.url.startswith("https://") for a in found)


FORM = FormAddress("police-online", HERE, "https://form.example/")
OTHER = FormAddress("police-online", "area:kent", "https://other.example/")


def test_a_form_rings_that_answers_5xx_for_five_minutes() -> None:
    answers = {FORM.url: [503] * 6, OTHER.url: [503, 503, 200, 503, 503, 503]}
    minutes: list[int] = []

    def ask(url: str) -> tuple[int, str]:
        return answers[url].pop(0), url

    assert reaching.broken([FORM, OTHER], ask, lambda: minutes.append(1)) == {FORM}
    assert len(minutes) == reaching.MINUTES


def test_a_site_that_cannot_be_reached_from_here_is_not_called_broken() -> None:
    def away(url: str) -> tuple[int, str]:
        raise OSError("no route")

    assert reaching.broken([FORM], away, lambda: None) == set()


def test_what_is_broken_rings_and_is_over_when_it_answers(ann: Actor) -> None:
    reaching.ring({FORM}, NOON)
    assert SignalAlarm.objects.get(quiet_at=None).what == "form-down"
    assert OutboxMessage.objects.filter(receiver="ann@example.org").count() == 1
    reaching.ring(set(), NOON)
    assert not SignalAlarm.objects.filter(quiet_at=None).exists()


def test_the_probe_asks_other_sites_only_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(url: str) -> tuple[int, str]:
        asked.append(url)
        return 200, url

    monkeypatch.setattr(links, "ask", ask)
    monkeypatch.setattr(probe.Command, "_tell", lambda *args: None)
    call_command("probe", "http://127.0.0.1:9", stdout=StringIO())
    assert asked == []
    call_command("probe", "http://127.0.0.1:9", "--signals", stdout=StringIO())
    assert len(asked) > 50


def test_an_address_that_is_none_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(CommandError):
        call_command("probe", "nonsense", "--signals")
