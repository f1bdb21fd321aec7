"""How a content, an advice and a change read to an operator: names and UK time, no ids. Pure.

What the public reads is made in triage/web; what the timeline says, in stories.py. Whoever signs a
content must be able to read it at 3 a.m.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from outage import choices, stories
from outage.content import Content, Notice, Number
from outage.impact_preview import Change
from triage.engine.advice import Advice, Entry
from triage.engine.catalogue import Catalogue, Text
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Mode

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
class Line:
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
class Shown:
    """A change as the preview shows it, with the names of everything it reaches."""

    need: str
    emergency: bool
    areas: tuple[str, ...]
    councils: tuple[str, ...]
    outcomes: tuple[str, ...]
    old: Side
    new: Side


def when(at: datetime) -> str:
    """A moment in UK time: Tue 24 Nov 21:45."""
    return f"{at.astimezone(UK):%a %-d %b %H:%M}"


def change(found: Change, rulebook: Rulebook) -> Shown:
    areas, councils = rulebook.catalogue.areas, rulebook.catalogue.council_names
    old, new = side(found.old, rulebook), side(found.new, rulebook)
    moved = frozenset(way for n, way in enumerate(new.ways) if way not in old.ways[n : n + 1])
    return Shown(
        need=found.need.name.en,
        emergency=found.need.is_emergency,
        areas=tuple(areas[slug].name.en for slug in found.areas),
        councils=tuple(councils[code].en for code in found.councils),
        outcomes=tuple(stories.numbered(o.title, rulebook.catalogue).en for o in found.outcomes),
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
    label = stories.numbered(entry.label, catalogue).en
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
        channel = stories.short(s.channel, rulebook.catalogue).en if s.channel else ""
        words = rulebook.codes[s.code].en.replace("{channel}", channel)
        found.append(stories.numbered(Text(words, words), rulebook.catalogue).en)
    yield from dict.fromkeys(found)


def advice(content: Content, rulebook: Rulebook) -> tuple[str, ...]:
    """What a statement tells people to do, need by need; empty where the preset speaks."""
    return tuple(_notice(n, rulebook) for n in content.notices)


def lines(content: Content, rulebook: Rulebook) -> tuple[Line, ...]:
    """Everything a content says, and nothing that it does not."""
    return tuple(line for line in _lines(content, rulebook) if any(line.values))


def _lines(c: Content, rulebook: Rulebook) -> Iterator[Line]:
    catalogue = rulebook.catalogue
    yield Line(
        "What", (f"{_name(c.channel, catalogue)}: {stories.word(f'staff-state-{c.state}').en}",)
    )
    yield Line("Where", tuple(stories.place(f, catalogue).en for f in c.footprints))
    yield Line("Which parts of it", ("not known",) if c.areas_unknown else ())
    yield Line("Only for calls to", tuple(map(str, c.services)))
    yield Line("Only on", (*_brands(c, catalogue), *(_LINES[line] for line in c.lines)))
    yield Line("Advice", advice(c, rulebook))
    yield Line("Kept free for emergencies", tuple(_name(k, catalogue) for k in c.keep_free))
    yield Line(
        "Missing part", tuple(f.label for f in choices.features(c.degraded_features) if f.chosen)
    )
    yield Line("Local numbers", tuple(_number(n, catalogue) for n in c.numbers))
    yield from _times(c)
    yield from _words(c)
    if c.channel == "999":
        yield Line("999 BSL, relay and text", (_DEAF[c.deaf],))
    yield Line("Corrects", (c.supersedes or "",))
    version = f", version {c.adopted_version}" if c.adopted_version else ""
    yield Line("Adopted from", (f"{c.adopted_from}{version}" if c.adopted_from else "",))


def _brands(content: Content, catalogue: Catalogue) -> Iterator[str]:
    return (catalogue.brands[b].name if b in catalogue.brands else b for b in content.networks)


def _times(c: Content) -> Iterator[Line]:
    yield Line("Next look", _moment(c.review_at))
    yield Line("Planned work", ("yes: it starts and ends by itself",) if c.planned else ())
    by = f", says {c.starts_source}" if c.starts_source else ""
    yield Line("Started", tuple(f"{m}{by}" for m in _moment(c.starts_at)))
    yield Line("Ends", _moment(c.ends_at))
    yield Line("Watched until", _moment(c.watch_until))
    wait = c.typical_delay_seconds
    yield Line("Typical wait", (f"{wait // 60} minutes",) if wait else ())
    yield Line("Missed callers are rung back until", _moment(c.callbacks_until))
    until = "".join(f" (until {m})" for m in _moment(c.demand_until))
    yield Line("While it is busy", (f"{c.demand_note}{until}",) if c.demand_note else ())
    yield Line("Welsh due", _moment(c.welsh_due))


def _words(c: Content) -> Iterator[Line]:
    yield Line("Own words", (c.words_en,))
    yield Line("Own words, Welsh", (c.words_cy,), "cy")
    doubt = "" if c.cause_confirmed else ", not confirmed"
    by = f" ({c.cause_by})" if c.cause_by else ""
    yield Line("Cause", (f"{c.cause_en}{by}{doubt}",) if c.cause_en else ())
    yield Line("Cause, Welsh", (c.cause_cy,), "cy")


def _moment(at: datetime | None) -> tuple[str, ...]:
    return (when(at),) if at else ()


def _notice(notice: Notice, rulebook: Rulebook) -> str:
    need = rulebook.needs[notice.need].name.en if notice.need in rulebook.needs else notice.need
    to = _in_order(notice.to, rulebook.catalogue)
    own = f" “{notice.words_en}” / “{notice.words_cy}”" if notice.words_en else ""
    return f"{need}: {choices.MODES[notice.mode]}{': ' if to else ''}{to}{own}"


def _in_order(channels: Iterable[str], catalogue: Catalogue) -> str:
    return ", then ".join(_name(channel, catalogue) for channel in channels)


def _number(number: Number, catalogue: Catalogue) -> str:
    where = stories.place(number.footprint, catalogue).en
    tested = f"test-dialled by {number.verified_by}, {when(number.verified_at)}"
    return f"{number.number} for {where}, {tested}, shown until {when(number.valid_until)}"


def _name(channel: str, catalogue: Catalogue) -> str:
    return stories.name(channel, catalogue).en if channel in catalogue.channels else channel
