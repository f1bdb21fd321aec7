"""Whether everything that is named exists, stands once, and says the same in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from triage.engine.catalogue import ChannelKind, Nation
from triage.engine.situation import Code
from triage.seeds import schema
from triage.seeds.entries import Entries
from triage.seeds.local_references import check_local
from triage.seeds.opening_hours import hours_problems
from triage.seeds.problems import SeedProblem, did_you_mean, unknown

BRACE = re.compile(r"\{([^{}]*)\}")
# Anything that looks like a number to ring, typed into words instead of referred to. A year, a
# count or a number of minutes does not: those have no place next to "call" or "text".
TYPED_NUMBER = re.compile(
    r"\b(?:999|101|111|112|105|159|18000|18001|61016|7726|0\d{3,4} ?\d{2,})\b"
)


def check(entries: Entries) -> Iterator[SeedProblem]:
    """Every fault of reference in the entries."""
    parts = (_ids, _channels, _places, _needs, _presets, _tree, _codes, _sources, _words)
    for part in (*parts, check_local):
        yield from part(entries)


def _ids(entries: Entries) -> Iterator[SeedProblem]:
    """Ids, addresses and numbers stand once."""
    for kind in ("channel", "need", "question", "outcome", "area", "source"):
        yield from _twice(entries, kind, lambda e: getattr(e, "id", None) or e.slug, "id")
    yield from _twice(entries, "question", lambda e: e.address or e.id, "address")
    yield from _twice(entries, "outcome", lambda e: e.address or e.id, "address")
    yield from _twice(entries, "body", lambda e: f"{e.kind}:{e.slug}", "slug")
    yield from _twice(
        entries, "channel", lambda e: e.number and e.number.replace(" ", ""), "number"
    )


def _twice(entries: Entries, kind: str, key: Any, what: str) -> Iterator[SeedProblem]:
    seen: dict[str, str] = {}
    for file, place, entry in entries.where(kind):
        value = key(entry)
        if value and value in seen:
            yield SeedProblem(file, place, f'{what} "{value}" stands in {seen[value]} too')
        elif value:
            seen[value] = place


def _known(entries: Entries, kind: str) -> set[str]:
    return {getattr(e, "id", None) or e.slug for e in entries.of(kind)}


def _names(
    file: str, place: str, what: str, ids: Iterable[str | None], known: set[str]
) -> Iterator[SeedProblem]:
    for ident in ids:
        if ident is not None and ident not in known:
            yield SeedProblem(file, place, unknown(what, ident, known))


def _channels(entries: Entries) -> Iterator[SeedProblem]:
    known = _known(entries, "channel")
    for file, place, e in entries.where("channel"):
        named = [*e.parents, e.same_call, e.relay_of, e.sms_to, e.sign]
        yield from _names(file, place, "channel", named, known)
        for what in (*_unsourced(e), *_unread(e), *hours_problems(e.hours)):
            yield SeedProblem(file, place, what)


def _unsourced(e: schema.ChannelEntry) -> Iterator[str]:
    """What is shown and has no source; and a number whose hours are not even said to be unknown."""
    for field in ("number", "url", "hours", "cost"):
        value = getattr(e, field)
        if value not in (None, "unknown") and field not in e.facts:
            yield f"{field} has no source: add facts.{field}"
    if e.number and e.hours is None:
        yield 'has a number and no hours: give its week, "always" or "unknown"'


def _unread(e: schema.ChannelEntry) -> Iterator[str]:
    """A number that nobody read is not shown; a fact that was read has a value in every nation."""
    known = {field for field, fact in e.facts.items() if fact.certainty == "K"}
    if e.number and "number" in known:
        yield "its number was read nowhere (K): leave it out until somebody has read it"
    if e.hours not in (None, "unknown") and "hours" in known:
        yield 'its hours were read nowhere (K): say "unknown"'
    for field, fact in e.facts.items():
        if fact.certainty == "K" or field not in schema.ChannelEntry.model_fields:
            continue
        for nation in e.nations:
            if not _has(e, field, nation):
                yield f"facts.{field} is marked {fact.certainty}, and {nation} has no {field}"


def _has(e: schema.ChannelEntry, field: str, nation: Nation) -> bool:
    if field == "url":
        own = e.nation.get(nation)
        return bool(e.url or e.url_from or e.by_nature or (own and own.url))
    return getattr(e, field) not in (None, "unknown", [])


def _places(entries: Entries) -> Iterator[SeedProblem]:
    bodies = {(b.kind, b.slug) for b in entries.of("body")}
    yield from _mergers(entries)
    councils: dict[str, schema.AreaEntry] = {}
    for file, place, e in entries.where("area"):
        for kind in ("police", "fire", "ambulance"):
            if (kind, getattr(e, kind)) not in bodies:
                hint = did_you_mean(getattr(e, kind), (s for k, s in bodies if k == kind))
                yield SeedProblem(file, place, f'{kind} "{getattr(e, kind)}" is unknown.{hint}')
        for council in e.councils:
            other = councils.setdefault(council.code, e)
            if other is not e and _overlap(other, e):
                yield SeedProblem(
                    file, place, f'council {council.code} is in area "{other.slug}" too'
                )


def _overlap(one: schema.AreaEntry, other: schema.AreaEntry) -> bool:
    """Whether two areas are in force on one day."""
    start = max(one.since or date.min, other.since or date.min)
    return start < min(one.until or date.max, other.until or date.max)


def _mergers(entries: Entries) -> Iterator[SeedProblem]:
    known = _known(entries, "area")
    old: set[str] = set()
    for file, place, e in entries.where("area"):
        yield from _names(file, place, "area", [e.merged_into], known)
        if (e.merged_into is None) != (e.until is None):
            yield SeedProblem(
                file, place, "until and merged_into belong together: give both or neither"
            )
        if e.since and e.until and e.until <= e.since:
            yield SeedProblem(file, place, "until is not after since")
        for slug in e.was:
            if slug in known or slug in old:
                yield SeedProblem(file, place, f'was "{slug}": another area has that slug')
            old.add(slug)


def _needs(entries: Entries) -> Iterator[SeedProblem]:
    channels = {e.id: e for e in entries.of("channel")}
    for file, place, e in entries.where("need"):
        for nation in Nation:
            route = e.route.of(nation)
            yield from _names(file, place, "channel", route, set(channels))
            here = [c for c in route if c in channels and nation in channels[c].nations]
            if not here:
                yield SeedProblem(file, place, f"has no channel that exists in {nation}")
        yield from _route(file, place, e, channels)


def _route(
    file: str, place: str, e: schema.NeedEntry, channels: dict[str, schema.ChannelEntry]
) -> Iterator[SeedProblem]:
    """Rule 7, as far as a route alone can break it."""
    written = {ChannelKind.WEB, ChannelKind.CHAT, ChannelKind.EMAIL}
    for nation in Nation:
        for ident in e.route.of(nation):
            if ident not in channels:
                continue
            if channels[ident].kind is ChannelKind.INFRASTRUCTURE:
                yield SeedProblem(file, place, f'"{ident}" can only fail: it cannot be advised')
            if e.urgency == "emergency" and channels[ident].kind in written:
                yield SeedProblem(
                    file, place, f'"{ident}" is a form or a chat: not for an emergency'
                )
            if e.urgency != "emergency" and channels[ident].emergency:
                yield SeedProblem(file, place, f'"{ident}" is for emergencies: this need is none')


def _presets(entries: Entries) -> Iterator[SeedProblem]:
    channels, needs = _known(entries, "channel"), _known(entries, "need")
    for file, place, e in entries.where("preset"):
        yield from _names(file, place, "channel", [e.channel], channels)
        for part in e.for_:
            yield from _names(file, place, "need", part.need, needs)
            for nation in Nation:
                yield from _names(file, place, "channel", part.of(nation), channels)


def _tree(entries: Entries) -> Iterator[SeedProblem]:
    questions, outcomes = _known(entries, "question"), _known(entries, "outcome")
    needs, channels = _known(entries, "need"), _known(entries, "channel")
    for file, place, e in entries.where("question"):
        targets = [o.to for o in e.option]
        yield from _names(file, place, "question or outcome", targets, questions | outcomes)
        ids = [o.id for o in e.option]
        if len(ids) != len(set(ids)):
            yield SeedProblem(file, place, "two options have the same id")
    for file, place, e in entries.where("outcome"):
        yield from _names(file, place, "need", {e.need_in(n) for n in Nation}, needs)
        also = [*e.also, *e.steps, *(c for w in e.nation.values() for c in w.also or [])]
        yield from _names(file, place, "channel", also, channels)
        if e.sensitive and not e.address:
            yield SeedProblem(file, place, "is sensitive: give it a neutral address")


def _codes(entries: Entries) -> Iterator[SeedProblem]:
    found = {name for name, _ in entries.of("code")}
    for missing in sorted(set(Code) - found):
        yield SeedProblem("seeds/codes.toml", "", f'code "{missing}" has no words')
    for extra in sorted(found - set(Code)):
        yield SeedProblem("seeds/codes.toml", f'code "{extra}"', unknown("code", extra, Code))


def _sources(entries: Entries) -> Iterator[SeedProblem]:
    known = _known(entries, "source")
    for kind in (
        "channel",
        "body",
        "need",
        "preset",
        "outcome",
        "network",
        "area",
        "outside",
        "holiday",
    ):
        for file, place, e in entries.where(kind):
            named = [f.source for f in getattr(e, "facts", {}).values()]
            named += getattr(e, "sources", [])
            named += [e.source] if hasattr(e, "source") else []
            yield from _names(file, place, "source", named, known)


def _words(entries: Entries) -> Iterator[SeedProblem]:
    """Numbers are referred to, never typed, and the same on both sides."""
    numbered = {e.id for e in entries.of("channel") if e.kind is not ChannelKind.INFRASTRUCTURE}
    for kind in entries.found:
        for file, place, e in entries.where(kind):
            entry = e[1] if kind == "code" else e
            for text in texts(entry):
                yield from _text(file, place, text, numbered, code=kind == "code")


def texts(entry: object) -> Iterator[schema.TextEntry]:
    """Every text in an entry, however deep."""
    if isinstance(entry, schema.TextEntry):
        yield entry
    elif isinstance(entry, BaseModel):
        for name in type(entry).model_fields:
            yield from texts(getattr(entry, name))
    elif isinstance(entry, dict):
        for value in entry.values():
            yield from texts(value)
    elif isinstance(entry, list | tuple):
        for value in entry:
            yield from texts(value)


def _text(
    file: str, place: str, text: schema.TextEntry, known: set[str], *, code: bool
) -> Iterator[SeedProblem]:
    english, welsh = sorted(BRACE.findall(text.en)), sorted(BRACE.findall(text.cy))
    if english != welsh:
        yield SeedProblem(file, place, f'"{text.en[:40]}…" names {english}, the Welsh {welsh}')
    for ident in {*english, *welsh}:
        if ident not in known and not (code and ident == "channel"):
            yield SeedProblem(file, place, unknown("channel", ident, known))
    for side in (text.en, text.cy):
        if typed := TYPED_NUMBER.search(BRACE.sub("", side)):
            yield SeedProblem(file, place, f'"{typed[0]}" is typed: write its channel in braces')
