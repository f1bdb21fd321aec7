"""How a content, an advice and a change read to an operator: names and UK time, no ids. Pure.

What the public reads is made in triage/web; what the timeline says, in timeline_text.py. Whoever
signs a content must be able to read it at 3 a.m.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from outage.statements import form_options, timeline_text
from outage.statements.impact import Change
from outage.statements.statement import Statement, StatementNotice, StatementNumber
from triage.engine.advice import Advice, Entry
from triage.engine.catalogue import Catalogue, Text
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Mode
from triage.seeds.enum_words import of_state

UK = ZoneInfo("Europe/London")
# What is said of the first way of an advice, after its name.
_FIRST = {
    Mode.REPLACE: "go straight to it",
    Mode.TRY_FIRST: "try it first, then the next",
    Mode.HOLD: "stay on it and wait",
    Mode.AS_USUAL: "",
}
_LINES = {"mobile": "mobiles", "landline": "landlines", "digital-landline": "digital landlines"}
_DEAF = {"working": "working", "not-working": "not working", "not-known": "not known"}


@dataclass(frozen=True)
class DetailLine:
    """One thing a content says."""

    label: str
    values: tuple[str, ...]
    lang: str = "en"


@dataclass(frozen=True)
class Side:
    """What people are told, before or after: the ways in order, what to avoid, what is said; and
    which of the ways stand elsewhere on the other side, or not at all."""

    ways: tuple[str, ...]
    avoid: tuple[str, ...]
    said: tuple[str, ...]
    moved: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShownChange:
    """A change as the preview shows it, with the names of everything it reaches."""

    need: str
    emergency: bool
    areas: tuple[str, ...]
    councils: tuple[str, ...]
    outcomes: tuple[str, ...]
    old: Side
    new: Side


def when(at: datetime, now: datetime | None = None) -> str:
    """A moment in UK time: Tue 24 Nov 21:45; with its year where that is not the one of `now`."""
    local = at.astimezone(UK)
    year = f" {local:%Y}" if now is not None and local.year != now.astimezone(UK).year else ""
    return f"{local:%a %-d %b}{year} {local:%H:%M}"


def change(found: Change, rulebook: Rulebook) -> ShownChange:
    areas, councils = rulebook.catalogue.areas, rulebook.catalogue.council_names
    old, new = side(found.old, rulebook), side(found.new, rulebook)
    moved = frozenset(way for n, way in enumerate(new.ways) if way not in old.ways[n : n + 1])
    return ShownChange(
        need=found.need.name.en,
        emergency=found.need.is_emergency,
        areas=tuple(areas[slug].name.en for slug in found.areas),
        councils=tuple(councils[code].en for code in found.councils),
        outcomes=tuple(
            timeline_text.numbered(o.title, rulebook.catalogue).en for o in found.outcomes
        ),
        old=old,
        new=replace(new, moved=moved),
    )


def side(advice: Advice, rulebook: Rulebook) -> Side:
    catalogue = rulebook.catalogue
    return Side(
        ways=tuple(_way(e, n == 0, catalogue) for n, e in enumerate(advice.entries)),
        avoid=tuple(_name(a.channel, catalogue) for a in advice.avoid),
        said=tuple(said(advice, rulebook)),
    )


def _way(entry: Entry, first: bool, catalogue: Catalogue) -> str:
    label = timeline_text.numbered(entry.label, catalogue).en
    number = entry.number if entry.number and entry.number not in label else ""
    name = f"{number}: {label}" if number else label
    parts = [_FIRST[entry.mode] if first else ""]
    parts += [f"ask for {entry.ask_for}" if entry.ask_for else ""]
    parts += ["at risk" if entry.at_risk else ""]
    more = "; ".join(part for part in parts if part)
    return f"{name} ({more})" if more else name


def said(advice: Advice, rulebook: Rulebook) -> Iterator[str]:
    """The sentences beside the ways, as the public reads them by this rulebook, each once."""
    found = []
    for s in advice.say:
        channel = timeline_text.short(s.channel, rulebook.catalogue).en if s.channel else ""
        words = rulebook.codes[s.code].en.replace("{channel}", channel)
        found.append(timeline_text.numbered(Text(words, words), rulebook.catalogue).en)
    yield from dict.fromkeys(found)


def advice(content: Statement, rulebook: Rulebook) -> tuple[str, ...]:
    """What a statement tells people to do, need by need; empty where the preset speaks."""
    return tuple(_notice(n, rulebook) for n in content.notices)


def lines(content: Statement, rulebook: Rulebook) -> tuple[DetailLine, ...]:
    """Everything a content says, and nothing that it does not."""
    return tuple(line for line in _lines(content, rulebook) if any(line.values))


def _lines(c: Statement, rulebook: Rulebook) -> Iterator[DetailLine]:
    catalogue = rulebook.catalogue
    yield DetailLine(
        "What",
        (f"{_name(c.channel, catalogue)}: {timeline_text.word(of_state(c.state).staff).en}",),
    )
    yield DetailLine("Where", tuple(timeline_text.place(f, catalogue).en for f in c.footprints))
    yield DetailLine("Which parts of it", ("not known",) if c.areas_unknown else ())
    yield DetailLine("Only for calls to", tuple(map(str, c.services)))
    yield DetailLine("Only on", (*_brands(c, catalogue), *(_LINES[line] for line in c.lines)))
    yield DetailLine("Advice", advice(c, rulebook))
    yield DetailLine("Kept free for emergencies", tuple(_name(k, catalogue) for k in c.keep_free))
    yield DetailLine(
        "Missing part",
        tuple(f.label for f in form_options.features(c.degraded_features) if f.chosen),
    )
    yield DetailLine("Local numbers", tuple(_number(n, catalogue) for n in c.numbers))
    yield from _times(c)
    yield from _words(c)
    if c.channel == "999":
        yield DetailLine("999 BSL, relay and text", (_DEAF[c.deaf],))
    yield DetailLine("Corrects", (c.supersedes or "",))
    version = f", version {c.adopted_version}" if c.adopted_version else ""
    yield DetailLine("Adopted from", (f"{c.adopted_from}{version}" if c.adopted_from else "",))


def _brands(content: Statement, catalogue: Catalogue) -> Iterator[str]:
    return (catalogue.brands[b].name if b in catalogue.brands else b for b in content.networks)


def _times(c: Statement) -> Iterator[DetailLine]:
    yield DetailLine("Next check", _moment(c.review_at))
    yield DetailLine("Planned work", ("yes: it starts and ends by itself",) if c.planned else ())
    by = f", says {c.starts_source}" if c.starts_source else ""
    yield DetailLine("Started", tuple(f"{m}{by}" for m in _moment(c.starts_at)))
    yield DetailLine("Ends", _moment(c.ends_at))
    yield DetailLine("Watched until", _moment(c.watch_until))
    wait = c.typical_delay_seconds
    yield DetailLine("Typical wait", (f"{wait // 60} minutes",) if wait else ())
    yield DetailLine("Missed callers are rung back until", _moment(c.callbacks_until))
    until = "".join(f" (until {m})" for m in _moment(c.demand_until))
    yield DetailLine("While it is busy", (f"{c.demand_note}{until}",) if c.demand_note else ())
    yield DetailLine("Welsh due", _moment(c.welsh_due))


def _words(c: Statement) -> Iterator[DetailLine]:
    yield DetailLine("Own words", (c.words_en,))
    yield DetailLine("Own words, Welsh", (c.words_cy,), "cy")
    doubt = "" if c.cause_confirmed else ", not confirmed"
    by = f" ({c.cause_by})" if c.cause_by else ""
    yield DetailLine("Cause", (f"{c.cause_en}{by}{doubt}",) if c.cause_en else ())
    yield DetailLine("Cause, Welsh", (c.cause_cy,), "cy")


def _moment(at: datetime | None) -> tuple[str, ...]:
    return (when(at),) if at else ()


def _notice(notice: StatementNotice, rulebook: Rulebook) -> str:
    need = rulebook.needs[notice.need].name.en if notice.need in rulebook.needs else notice.need
    to = _in_order(notice.to, rulebook.catalogue)
    own = f" “{notice.words_en}” / “{notice.words_cy}”" if notice.words_en else ""
    return f"{need}: {form_options.MODES[notice.mode]}{': ' if to else ''}{to}{own}"


def _in_order(channels: Iterable[str], catalogue: Catalogue) -> str:
    return ", then ".join(_name(channel, catalogue) for channel in channels)


def _number(number: StatementNumber, catalogue: Catalogue) -> str:
    where = timeline_text.place(number.footprint, catalogue).en
    tested = f"test-dialled by {number.verified_by}, {when(number.verified_at)}"
    return f"{number.number} for {where}, {tested}, shown until {when(number.valid_until)}"


def _name(channel: str, catalogue: Catalogue) -> str:
    return timeline_text.name(channel, catalogue).en if channel in catalogue.channels else channel
