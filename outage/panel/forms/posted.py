"""What was posted in the declare form -> the data of a Statement.

Judging the data is statements/validation.py; offering choices is form_options.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict

from outage.models import LocalNumber, Proposal
from outage.panel.forms.values import is_moment, moment, whole
from outage.statements import broken
from outage.statements.actor import Actor
from outage.statements.broken import Broken
from outage.statements.errors import RefusedError
from triage.engine.situation import State
from triage.rules import rulebook

# The choice of the review that stands already, beside those of REVIEWS.
KEPT = "kept"
REVIEWS = {"30": "30 minutes", "60": "1 hour", "120": "2 hours", "240": "4 hours"}
TIMES = ("starts_at", "ends_at", "callbacks_until", "demand_until", "welsh_due")
WORDS = ("starts_source", "demand_note", "words_en", "words_cy", "cause_en", "cause_cy",
         "cause_by", "deaf")  # fmt: skip
_NUMBER_FIELDS = ("number", "number_tested_by", "number_tested", "number_until")


def posted(post: QueryDict, by: Actor, proposal: Proposal | None = None) -> dict[str, Any]:
    """The data of the form, with the kept local number that was chosen, if any, and with what the
    form does not show of the proposal that is being edited. Raises RefusedError for a time that is
    none, and where it is not said what is broken."""
    data = _posted(post, by, proposal)
    if problem := broken.problem(post.get("broken", ""), data):
        raise RefusedError(problem)
    return data


def told(post: QueryDict, by: Actor, proposal: Proposal | None = None) -> dict[str, Any]:
    """The data of a form that is not right yet: whatever can be read of it, so that nothing that
    was typed is lost. A time that is none is left out."""
    lenient = post.copy()
    for name in (*TIMES, "review_exact", "number_tested", "number_until"):
        lenient.setlist(name, [t if is_moment(t) else "" for t in post.getlist(name)])
    for name in ("delay_minutes", "delay_seconds"):
        lenient[name] = str(whole(post.get(name, "")) or "")
    return _posted(lenient, by, proposal)


def _posted(post: QueryDict, by: Actor, proposal: Proposal | None) -> dict[str, Any]:
    data = read(post, by.at)
    data |= _not_shown(by, data, proposal.content if proposal else {})
    data["numbers"] += _kept_number(by, post.get("kept_number", ""))
    return data


def read(post: QueryDict, at: datetime) -> dict[str, Any]:
    """The data of a posted form. Raises RefusedError for a time that is none."""
    data: dict[str, Any] = {name: post.get(name, "").strip() for name in WORDS if name in post}
    data |= _broken(post)
    data |= {
        "state": post.get("state", ""),
        "footprints": list(dict.fromkeys(f for f in post.getlist("footprints") if f)),
        "lines": post.getlist("lines"),
        "keep_free": post.getlist("keep_free"),
        "degraded_features": post.getlist("degraded_features"),
        "areas_unknown": "areas_unknown" in post,
        "cause_confirmed": "cause_confirmed" in post,
        "supersedes": post.get("supersedes") or None,
        "typical_delay_seconds": _delay(post),
        "review_at": _review(post, at),
        "notices": _notices(post),
        "numbers": [*_numbers(post)],
    }
    second = "second_hour" in post
    data |= {name: moment(post.get(name, ""), name, second=second) for name in TIMES}
    if "urgent_without_welsh" in post and data["welsh_due"] is None:
        data["welsh_due"] = (at + timedelta(hours=2)).isoformat()
    if data["planned"]:
        data["review_at"] = None
    return data


def _broken(post: QueryDict) -> dict[str, Any]:
    """What is broken. A form that was sent before this was asked says it by its channel."""
    answer, named = post.get("broken", ""), post.get("channel", "")
    services, networks = post.getlist("services"), post.getlist("networks")
    if answer not in set(Broken):
        return {"channel": named, "networks": networks, "planned": "planned" in post}
    door = broken.front_door(rulebook().catalogue)
    channels = {Broken.LINE: post.get("line", ""), Broken.CHANNEL: named, Broken.PLANNED: named}
    also = {f"with_{n}": post.get(f"{n}_with", "") for n in ("services", "networks")}
    return {
        "channel": channels.get(Broken(answer), door),
        "planned": answer == Broken.PLANNED,
        **broken.narrowed(answer, services, networks, **also),
    }


def _delay(post: QueryDict) -> int | None:
    """The typical wait in seconds; None where none is given."""
    minutes, seconds = post.get("delay_minutes", ""), post.get("delay_seconds", "")
    if not (minutes.strip() or seconds.strip()):
        return None
    return _count(minutes, "minutes") * 60 + _count(seconds, "seconds")


def _count(text: str, unit: str) -> int:
    if not text.strip():
        return 0
    if (found := whole(text)) is None:
        raise RefusedError(f'"{text}" is not a number of {unit}.')
    return found


def _review(post: QueryDict, at: datetime) -> str | None:
    if exact := moment(post.get("review_exact", ""), "review", second="second_hour" in post):
        return exact
    minutes = post.get("review", "")
    if minutes == KEPT:
        return moment(post.get("review_kept", ""), "review")
    return (at + timedelta(minutes=int(minutes))).isoformat() if minutes in REVIEWS else None


def _notices(post: QueryDict) -> list[dict[str, Any]]:
    found = []
    for need in post.getlist("need"):
        if mode := post.get(f"mode-{need}", ""):
            found.append(
                {
                    "need": need,
                    "mode": mode,
                    "to": list(dict.fromkeys(c for c in post.getlist(f"to-{need}") if c)),
                    "words_en": post.get(f"words_en-{need}", "").strip(),
                    "words_cy": post.get(f"words_cy-{need}", "").strip(),
                }
            )
    return found


def _numbers(post: QueryDict) -> Iterator[dict[str, Any]]:
    """The local numbers: one for each place that a line of the form names."""
    rows = zip(*(post.getlist(name) for name in _NUMBER_FIELDS), strict=False)
    for k, (number, tested_by, tested, until) in enumerate(rows):
        for place in post.getlist(f"number_places-{k}") or [""] if number.strip() else ():
            yield {
                "number": number.strip(),
                "footprint": place,
                "verified_by": tested_by.strip(),
                "verified_at": moment(tested, "when the number was test-dialled"),
                "valid_until": moment(until, "until when the number is shown"),
            }


def _kept_number(by: Actor, chosen: str) -> list[dict[str, Any]]:
    kept = LocalNumber.objects.filter(organisation=by.operator.organisation, number=chosen)
    return [
        {
            "number": number.number,
            "footprint": number.footprint,
            "verified_by": number.tested_by,
            "verified_at": number.tested_at.isoformat(),
            "valid_until": number.valid_until.isoformat(),
        }
        for number in (kept[:1] if chosen else ())
    ]


def _not_shown(by: Actor, data: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """What the form does not ask and an edit must not lose. A service speaks of a council for its
    own callers only; a watch lasts while the state says so; the Welsh falls due when it first did.
    """
    names = ("adopted_from", "adopted_version", "adopted_sense", "services")
    kept = {name: held[name] for name in names if name in held and name not in data}
    councils = any(f.startswith("council:") for f in data["footprints"])
    if councils and not by.rights.national and not (kept.get("services") or data.get("services")):
        kept["services"] = sorted(by.rights.services)
    if data["state"] == State.RESTORED and held.get("watch_until"):
        kept["watch_until"] = held["watch_until"]
    if data["welsh_due"] and held.get("welsh_due"):
        kept["welsh_due"] = held["welsh_due"]
    return kept


def chosen_review(post: QueryDict) -> str:
    """The span that somebody chose; empty where the form's own choice still stands."""
    chosen = post.get("review", "")
    return chosen if chosen in REVIEWS and chosen != post.get("review_usual") else ""
