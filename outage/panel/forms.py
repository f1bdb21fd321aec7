"""The declare form: what was posted -> the data of a Content, and a Content -> what is shown.

Judging the data is statement.py; offering choices is form_options.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict

from outage.models import Incident, LocalNumber, Organisation, Proposal, Stage
from outage.panel import clock_change
from outage.statements import approval, form_options, timeline_text
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.statements.rights import Rights
from outage.statements.stored import published
from triage.engine.rulebook import Rulebook
from triage.engine.situation import State
from triage.rules import rulebook as current

UK = ZoneInfo("Europe/London")
# No version, number of a draft or of minutes is as long as this.
_LONGEST = 12
_LOCAL = "%Y-%m-%dT%H:%M"
# The choice of the review that stands already, beside those of REVIEWS.
KEPT = "kept"
REVIEWS = {"30": "30 minutes", "60": "1 hour", "120": "2 hours", "240": "4 hours"}
TIMES = ("starts_at", "ends_at", "callbacks_until", "demand_until", "welsh_due")
WORDS = ("starts_source", "demand_note", "words_en", "words_cy", "cause_en", "cause_cy",
         "cause_by", "deaf")  # fmt: skip
_NUMBER_FIELDS = ("number", "number_footprint", "number_tested_by", "number_tested", "number_until")


@dataclass(frozen=True)
class Fields:
    """Everything the form's template shows."""

    channels: Sequence[form_options.FormOption]
    states: Sequence[form_options.FormOption]
    own: Sequence[form_options.FormOption]
    others: Sequence[form_options.FormOption]
    councils: Sequence[form_options.FormOption]
    rows: Sequence[form_options.NeedRow]
    reviews: Sequence[form_options.FormOption]
    features: Sequence[form_options.FormOption]
    networks: Sequence[form_options.FormOption]
    lines: Sequence[form_options.FormOption]
    keep_free: Sequence[form_options.FormOption]
    values: Mapping[str, Any]
    kept_review: str
    usual_review: str
    numbers: Sequence[Mapping[str, str]]
    corrects: Sequence[form_options.FormOption]
    twice: str


def start(
    rights: Rights, channel: str, state: str, footprint: str, at: datetime
) -> Mapping[str, Any]:
    """What a switch on the board prefills: the preset, in one's own territory."""
    wanted = State(state) if state in set(State) else State.MANY_FAILING
    own = [footprint] if footprint else [str(f) for f in rights.footprints]
    review = at + approval.review_after(channel or "999", wanted)
    return {
        "channel": channel or "999",
        "state": str(wanted),
        "footprints": own,
        "review_at": review.isoformat(),
    }


def read(post: QueryDict, at: datetime) -> dict[str, Any]:
    """The data of a posted form. Raises RefusedError for a time that is none."""
    data: dict[str, Any] = {name: post.get(name, "").strip() for name in WORDS if name in post}
    data |= {
        "channel": post.get("channel", ""),
        "state": post.get("state", ""),
        "footprints": list(dict.fromkeys(f for f in post.getlist("footprints") if f)),
        "networks": post.getlist("networks"),
        "lines": post.getlist("lines"),
        "keep_free": post.getlist("keep_free"),
        "degraded_features": post.getlist("degraded_features"),
        "areas_unknown": "areas_unknown" in post,
        "planned": "planned" in post,
        "cause_confirmed": "cause_confirmed" in post,
        "supersedes": post.get("supersedes") or None,
        "typical_delay_seconds": _seconds(post.get("delay_minutes", "")),
        "review_at": _review(post, at),
        "notices": _notices(post),
        "numbers": _numbers(post),
    }
    second = "second_hour" in post
    data |= {name: moment(post.get(name, ""), name, second=second) for name in TIMES}
    if "urgent_without_welsh" in post and data["welsh_due"] is None:
        data["welsh_due"] = (at + timedelta(hours=2)).isoformat()
    if data["planned"]:
        data["review_at"] = None
    return data


def _seconds(minutes: str) -> int | None:
    if not minutes.strip():
        return None
    if (found := whole(minutes)) is None:
        raise RefusedError(f'"{minutes}" is not a number of minutes.')
    return found * 60


def told(post: QueryDict, by: Actor, proposal: Proposal | None = None) -> dict[str, Any]:
    """The data of a form that is not right yet: whatever can be read of it, so that nothing that
    was typed is lost. A time that is none is left out."""
    lenient = post.copy()
    for name in (*TIMES, "review_exact", "number_tested", "number_until"):
        lenient.setlist(name, [t if _is_time(t) else "" for t in post.getlist(name)])
    lenient["delay_minutes"] = str(whole(post.get("delay_minutes", "")) or "")
    return posted(lenient, by, proposal)


def _is_time(text: str) -> bool:
    try:
        return bool(moment(text, ""))
    except RefusedError:
        return False


def whole(text: str) -> int | None:
    """A whole number as a form posts it; None for whatever else is posted."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST else None


# A slip of the finger in a year. At its own ends the calendar breaks whatever counts with it.
YEARS = range(2000, 2100)


def moment(text: str, name: str, *, second: bool = False) -> str | None:
    """A time as a browser writes it, taken as UK time. Raises RefusedError for anything else."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        if found.year not in YEARS:
            raise RefusedError(f'{name}: "{text[:40]}" is far from now. Look at the year.')
        return clock_change.in_uk_time(found, second=second).isoformat()
    except clock_change.ClockChangeError as error:
        raise RefusedError(f"{name}: {error}") from error
    except (ValueError, OverflowError) as error:
        raise RefusedError(
            f'{name}: "{text[:40]}" is not a date and time. Write 2026-06-25T08:30.'
        ) from error


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


def _numbers(post: QueryDict) -> list[dict[str, Any]]:
    rows = zip(*(post.getlist(name) for name in _NUMBER_FIELDS), strict=False)
    return [
        {
            "number": number.strip(),
            "footprint": footprint,
            "verified_by": tested_by.strip(),
            "verified_at": moment(tested, "when the number was test-dialled"),
            "valid_until": moment(until, "until when the number is shown"),
        }
        for number, footprint, tested_by, tested, until in rows
        if number.strip()
    ]


def fields(
    rights: Rights,
    owner: Organisation,
    rulebook: Rulebook,
    data: Mapping[str, Any],
    at: datetime,
    *,
    keep: bool,
    review: str = "",
) -> Fields:
    """The form as it is shown for some data, which may be half-filled or wrong. `keep`: its review
    was chosen by somebody, and stands until another is, or until it has passed. `review`: the span
    that was chosen in place of the usual one."""
    channel, state = data.get("channel", "999"), str(data.get("state", ""))
    places = data.get("footprints", [])
    networks = [form_options.FormOption(b.slug, b.name, b.slug in data.get("networks", ()))
                for b in rulebook.catalogue.brands.values()]  # fmt: skip
    lines = {"mobile": "Mobiles", "landline": "Landlines", "digital-landline": "Digital landlines"}
    kept = ("101", "111", "999")
    standing = _review_kept(data, at) if keep else ""
    usual = _usual(channel, state)
    return Fields(
        channels=form_options.channels(rulebook, owner, channel),
        states=form_options.states(state),
        own=form_options.own_places(rights, rulebook, places),
        others=form_options.other_places(rights, rulebook, places),
        councils=form_options.councils(rights, rulebook, places),
        rows=_rows(rulebook, channel, state, places, data),
        reviews=_reviews(review or (KEPT if standing else usual), standing),
        features=form_options.features(data.get("degraded_features", ())),
        networks=networks,
        lines=[form_options.FormOption(k, v, k in data.get("lines", ())) for k, v in lines.items()],
        keep_free=[form_options.FormOption(k, k, k in data.get("keep_free", ())) for k in kept],
        values={**data, **_local_times(data), "delay_minutes": _minutes(data)},
        kept_review=standing,
        usual_review=usual,
        numbers=_numbers_shown(data),
        corrects=_corrects(owner, str(data.get("supersedes") or "")),
        twice=clock_change.hour_that_comes_twice(at),
    )


def _corrects(owner: Organisation, chosen: str) -> list[form_options.FormOption]:
    """The statements that a new one may correct: one's own that are live."""
    rows = Incident.objects.filter(organisation=owner, stage=Stage.LIVE, exercise=False)
    return [form_options.FormOption(r.slug, _title(r), r.slug == chosen) for r in rows]


def _title(row: Incident) -> str:
    said = published(row)
    title = timeline_text.title(said.content, current().catalogue).en
    return f"{title}, {said.published_at.astimezone(UK):%a %H:%M}"


def _rows(
    rulebook: Rulebook, channel: str, state: str, places: Sequence[str], data: Mapping[str, Any]
) -> list[form_options.NeedRow]:
    if channel not in rulebook.catalogue.channels or state not in set(State):
        return []
    said = {n["need"]: n for n in data.get("notices", ())}
    rows = []
    touched = form_options.needs(rulebook, channel, _parsable(places))
    shown = dict.fromkeys((*(need.id for need in touched), *said))
    for need in (rulebook.needs[n] for n in shown if n in rulebook.needs):
        notice = said.get(need.id, {})
        modes = [form_options.FormOption(str(m), label, m == notice.get("mode"))
                 for m, label in form_options.MODES.items()]  # fmt: skip
        rows.append(
            form_options.NeedRow(
                need=need.id,
                name=need.name.en,
                preset=form_options.preset_words(rulebook, channel, State(state), need),
                modes=tuple(modes),
                ways=form_options.ways(rulebook, need, channel, notice.get("to", ())),
                words_en=notice.get("words_en", ""),
                words_cy=notice.get("words_cy", ""),
            )
        )
    return rows


def _parsable(places: Sequence[str]) -> list[str]:
    kinds = ("uk", "nation:", "police:", "fire:", "ambulance:", "council:")
    return [p for p in places if p.startswith(kinds) and (p == "uk" or p.split(":")[1])]


def chosen_review(post: QueryDict) -> str:
    """The span that somebody chose; empty where the form's own choice still stands."""
    chosen = post.get("review", "")
    return chosen if chosen in REVIEWS and chosen != post.get("review_usual") else ""


def _usual(channel: str, state: str) -> str:
    wanted = State(state) if state in set(State) else State.MANY_FAILING
    return f"{approval.review_after(channel, wanted).total_seconds() / 60:.0f}"


def _reviews(chosen: str, kept: str) -> list[form_options.FormOption]:
    """The spans to choose from, and before them the review that stands, if one does."""
    spans = [form_options.FormOption(k, v, k == chosen) for k, v in REVIEWS.items()]
    if not kept:
        return spans
    when = datetime.fromisoformat(kept).astimezone(UK)
    return [form_options.FormOption(KEPT, f"As it stands: {when:%a %H:%M}", chosen == KEPT), *spans]


def _review_kept(data: Mapping[str, Any], at: datetime) -> str:
    """The review that stands, with its zone; empty where there is none or it has passed."""
    held = str(data.get("review_at") or "")
    return held if held and datetime.fromisoformat(held) > at else ""


def _minutes(data: Mapping[str, Any]) -> str:
    seconds = data.get("typical_delay_seconds")
    return str(seconds // 60) if seconds else ""


def _local_times(data: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: local(data[name]) for name in (*TIMES, "review_at") if data.get(name)}


def local(moment: str) -> str:
    """A moment as a browser's field for date and time wants it, in UK time."""
    return datetime.fromisoformat(moment).astimezone(UK).strftime(_LOCAL)


def _numbers_shown(data: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Every local number of the data, and an empty line for one more."""
    found = [dict(number) for number in data.get("numbers", ())]
    for number in found:
        number |= {k: local(number[k]) for k in ("verified_at", "valid_until") if number.get(k)}
    return [*found, {}]


def posted(post: QueryDict, by: Actor, proposal: Proposal | None = None) -> dict[str, Any]:
    """The data of the form, with the kept local number that was chosen, if any, and with what the
    form does not show of the proposal that is being edited."""
    data = read(post, by.at)
    data |= _not_shown(by, data, proposal.content if proposal else {})
    chosen = post.get("kept_number", "")
    kept = LocalNumber.objects.filter(organisation=by.operator.organisation, number=chosen)
    for number in kept[:1] if chosen else ():
        data["numbers"].append(
            {
                "number": number.number,
                "footprint": number.footprint,
                "verified_by": number.tested_by,
                "verified_at": number.tested_at.isoformat(),
                "valid_until": number.valid_until.isoformat(),
            }
        )
    return data


def _not_shown(by: Actor, data: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """What the form does not ask and an edit must not lose. A service speaks of a council for its
    own callers only; a watch lasts while the state says so; the Welsh falls due when it first did.
    """
    names = ("adopted_from", "adopted_version", "adopted_sense", "services")
    kept = {name: held[name] for name in names if name in held}
    councils = any(f.startswith("council:") for f in data["footprints"])
    if councils and not by.rights.national and not kept.get("services"):
        kept["services"] = sorted(by.rights.services)
    if data["state"] == State.RESTORED and held.get("watch_until"):
        kept["watch_until"] = held["watch_until"]
    if data["welsh_due"] and held.get("welsh_due"):
        kept["welsh_due"] = held["welsh_due"]
    return kept
