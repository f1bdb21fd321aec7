"""Some data -> the declare form as it is shown, half-filled or wrong as they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outage.models import Incident, Organisation, Stage
from outage.panel import clock_change
from outage.panel.forms.posted import KEPT, REVIEWS, TIMES
from outage.panel.forms.values import UK, local
from outage.statements import approval, form_options, timeline_text
from outage.statements.form_options import FormOption
from outage.statements.rights import Rights
from outage.statements.stored import published
from triage.engine.rulebook import Rulebook
from triage.engine.situation import State
from triage.rules import rulebook as current

# Whose review stands while nothing is said to be broken.
_USUAL = "999"
_LINES = {"mobile": "Mobiles", "landline": "Landlines", "digital-landline": "Digital landlines"}
_KEPT_FREE = ("101", "111", "999")
# Empty lines for local numbers: a service may have one for each of its control rooms.
_NUMBERS = 3


@dataclass(frozen=True)
class Fields:
    """Everything the form's template shows."""

    broken: form_options.BrokenOptions
    channels: Sequence[FormOption]
    states: Sequence[FormOption]
    own: Sequence[FormOption]
    others: Sequence[FormOption]
    councils: Sequence[FormOption]
    rows: Sequence[form_options.NeedRow]
    reviews: Sequence[FormOption]
    features: Sequence[FormOption]
    lines: Sequence[FormOption]
    keep_free: Sequence[FormOption]
    values: Mapping[str, Any]
    kept_review: str
    usual_review: str
    numbers: Sequence[NumberLine]
    corrects: Sequence[FormOption]
    twice: str


@dataclass(frozen=True)
class NumberLine:
    """A local number, with every place that it is shown in."""

    values: Mapping[str, str]
    places: Sequence[FormOption]


def start(
    rights: Rights, channel: str, state: str, footprint: str, at: datetime
) -> Mapping[str, Any]:
    """What a switch on the board prefills: the preset, in one's own territory. Without a switch
    nothing is said to be broken yet."""
    wanted = State(state) if state in set(State) else State.MANY_FAILING
    own = [footprint] if footprint else [str(f) for f in rights.footprints]
    review = at + approval.review_after(channel or _USUAL, wanted)
    return {
        "channel": channel,
        "state": str(wanted),
        "footprints": own,
        "review_at": review.isoformat(),
    }


def fields(
    rights: Rights,
    owner: Organisation,
    rulebook: Rulebook,
    data: Mapping[str, Any],
    at: datetime,
    *,
    keep: bool,
    review: str = "",
    answer: str = "",
) -> Fields:
    """The form as it is shown for some data, which may be half-filled or wrong. `keep`: its review
    was chosen by somebody, and stands until another is, or until it has passed. `review`: the span
    that was chosen in place of the usual one. `answer`: what was said to be broken, where the data
    do not tell yet."""
    channel, state = str(data.get("channel", "")), str(data.get("state", ""))
    places = data.get("footprints", [])
    standing = _review_kept(data, at) if keep else ""
    usual = _usual(channel, state)
    return Fields(
        broken=form_options.broken_options(owner, rulebook, data, answer),
        channels=form_options.channels(rulebook, owner, channel),
        states=form_options.states(state),
        own=form_options.own_places(rights, rulebook, places),
        others=form_options.other_places(rights, rulebook, places),
        councils=form_options.councils(rights, rulebook, places),
        rows=form_options.need_rows(rulebook, owner, channel, state, data.get("notices", ())),
        reviews=_reviews(review or (KEPT if standing else usual), standing),
        features=form_options.features(data.get("degraded_features", ())),
        lines=[FormOption(k, v, k in data.get("lines", ())) for k, v in _LINES.items()],
        keep_free=[FormOption(k, k, k in data.get("keep_free", ())) for k in _KEPT_FREE],
        values={**data, **_local_times(data), **_delay(data)},
        kept_review=standing,
        usual_review=usual,
        numbers=_numbers_shown(rights, rulebook, data),
        corrects=_corrects(owner, str(data.get("supersedes") or "")),
        twice=clock_change.hour_that_comes_twice(at),
    )


def _corrects(owner: Organisation, chosen: str) -> list[FormOption]:
    """The statements that a new one may correct: one's own that are live."""
    rows = Incident.objects.filter(organisation=owner, stage=Stage.LIVE, exercise=False)
    return [FormOption(r.slug, _title(r), r.slug == chosen) for r in rows]


def _title(row: Incident) -> str:
    said = published(row)
    title = timeline_text.title(said.content, current().catalogue).en
    return f"{title}, {said.published_at.astimezone(UK):%a %H:%M}"


def _usual(channel: str, state: str) -> str:
    wanted = State(state) if state in set(State) else State.MANY_FAILING
    return f"{approval.review_after(channel or _USUAL, wanted).total_seconds() / 60:.0f}"


def _reviews(chosen: str, kept: str) -> list[FormOption]:
    """The spans to choose from, and before them the review that stands, if one does."""
    spans = [FormOption(k, v, k == chosen) for k, v in REVIEWS.items()]
    if not kept:
        return spans
    when = datetime.fromisoformat(kept).astimezone(UK)
    return [FormOption(KEPT, f"As it stands: {when:%a %H:%M}", chosen == KEPT), *spans]


def _review_kept(data: Mapping[str, Any], at: datetime) -> str:
    """The review that stands, with its zone; empty where there is none or it has passed."""
    held = str(data.get("review_at") or "")
    return held if held and datetime.fromisoformat(held) > at else ""


def _delay(data: Mapping[str, Any]) -> Mapping[str, str]:
    minutes, seconds = divmod(data.get("typical_delay_seconds") or 0, 60)
    return {"delay_minutes": str(minutes or ""), "delay_seconds": str(seconds or "")}


def _local_times(data: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: local(data[name]) for name in (*TIMES, "review_at") if data.get(name)}


def _numbers_shown(rights: Rights, rulebook: Rulebook, data: Mapping[str, Any]) -> list[NumberLine]:
    """Every local number of the data once, with all its places, and empty lines for more."""
    found: dict[tuple[str, ...], list[str]] = {}
    names = ("number", "verified_by", "verified_at", "valid_until")
    for number in data.get("numbers", ()):
        same = tuple(str(number.get(name) or "") for name in names)
        found.setdefault(same, []).append(number.get("footprint", ""))
    held = [_line(rights, rulebook, dict(zip(names, k, strict=True)), v) for k, v in found.items()]
    return [*held, *[_line(rights, rulebook, {}, ())] * max(1, _NUMBERS - len(held))]


def _line(
    rights: Rights, rulebook: Rulebook, values: Mapping[str, str], places: Sequence[str]
) -> NumberLine:
    times = {k: local(values[k]) for k in ("verified_at", "valid_until") if values.get(k)}
    return NumberLine({**values, **times}, form_options.number_places(rights, rulebook, places))
