"""Entries -> the engine's catalogue: channels, bodies, areas and local services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from triage.engine import catalogue as c
from triage.engine import local_service as local
from triage.seeds import schema
from triage.seeds.entries import Entries
from triage.seeds.opening_hours import opening_hours

DEFAULT_ACCESS: Mapping[c.ChannelKind, c.Access] = {
    c.ChannelKind.VOICE: c.Access.VOICE,
    c.ChannelKind.SMS: c.Access.SMS,
    c.ChannelKind.RELAY: c.Access.DATA,
    c.ChannelKind.VIDEO: c.Access.DATA,
    c.ChannelKind.WEB: c.Access.DATA,
    c.ChannelKind.CHAT: c.Access.DATA,
    c.ChannelKind.EMAIL: c.Access.DATA,
    c.ChannelKind.RADIO: c.Access.RADIO,
}


def catalogue(entries: Entries, on: date) -> c.Catalogue:
    bodies = [_body(b) for b in entries.of("body")]
    brands = [b for n in entries.of("network") for b in _brands(n)]
    sources = [
        c.Source(s.id, s.url, s.canonical, s.date, s.quality, s.name or "")
        for s in entries.of("source")
    ]
    areas = [_area(a) for a in entries.of("area") if a.in_force(on)]
    names = {f"{b.service}:{b.slug}": b.name for b in bodies}
    names |= {f"council:{k.code}": k.name for a in areas for k in a.councils}
    return c.Catalogue(
        channels={ch.id: _channel(ch) for ch in entries.of("channel")},
        areas={a.slug: a for a in areas},
        bodies={(b.service, b.slug): b for b in bodies},
        brands={b.slug: b for b in brands},
        speakers={w.casefold(): e.service for e in entries.of("speaker") for w in e.words},
        sources={s.id: s for s in sources},
        outside=tuple(_outside(o) for o in entries.of("outside")),
        holidays=_holidays(entries.of("holiday")),
        local=_services(_live(entries.of("local"), names), names),
        local_labels={(e.use, e.kind): e.text() for e in entries.of("local-label")},
        moved=_moved(entries.of("area"), {a.slug for a in areas}),
    )


def _moved(areas: Iterable[schema.AreaEntry], live: set[str]) -> dict[str, str]:
    """Old slugs -> the area of the day. A merged area may have been merged again."""
    step = {old: a.slug for a in areas for old in a.was}
    step |= {a.slug: a.merged_into for a in areas if a.merged_into and a.slug not in live}
    found = {}
    for old in step:
        new = old
        while new in step and new not in live:
            new = step[new]
        if new in live and new != old:
            found[old] = new
    return found


def _holidays(entries: Iterable[schema.HolidayEntry]) -> dict[c.Nation, frozenset[date]]:
    found: dict[c.Nation, set[date]] = {}
    for entry in entries:
        for nation in entry.nations:
            found.setdefault(nation, set()).update(entry.days)
    return {nation: frozenset(days) for nation, days in found.items()}


def _outside(e: schema.OutsideEntry) -> c.Outside:
    return c.Outside(
        prefix=e.prefix or "",
        name=e.name.text(),
        advice=e.advice.text(),
        facts=_facts(e.facts),
        aka=tuple(e.aka),
        slug=e.slug,
        lines=texts(e.lines) or (),
        ways=tuple(_way(w) for w in e.way),
    )


def text(entry: schema.TextEntry | None) -> c.Text | None:
    return entry.text() if entry else None


def texts(entries: Iterable[schema.TextEntry] | None) -> tuple[c.Text, ...] | None:
    return None if entries is None else tuple(e.text() for e in entries)


def _facts(facts: Mapping[str, schema.FactEntry]) -> dict[str, c.Fact]:
    return {k: c.Fact(f.source, f.checked, f.certainty) for k, f in facts.items()}


def _channel(e: schema.ChannelEntry) -> c.Channel:
    same = {"id", "kind", "number", "same_call", "relay_of", "sms_to", "email", "url", "force"}
    same |= {"emergency", "owner", "sign", "by_nature", "responsible", "review_by", "role"}
    same |= {"carried", "feature", "review_hours", "only_line", "one_of"}
    return c.Channel(
        **{name: getattr(e, name) for name in same},
        label=e.label.text(),
        what=e.what.text(),
        how=texts(e.how) or (),
        url_from=(e.url_from.kind, e.url_from.use) if e.url_from else None,
        access=e.access or DEFAULT_ACCESS.get(e.kind, c.Access.NONE),
        nations=frozenset(e.nations),
        parents=tuple(e.parents),
        travels_over=tuple(e.travels_over),
        takes=frozenset(e.takes),
        answers=frozenset(e.answers) or _answers(e),
        stated_by=frozenset(e.stated_by) or frozenset([e.owner] if e.owner else ()),
        requires=tuple(e.requires),
        hours=opening_hours(e.hours),
        cost=text(e.cost),
        org=text(e.org),
        facts=_facts(e.facts),
        local={nation: _channel_words(words) for nation, words in e.nation.items()},
    )


def _answers(e: schema.ChannelEntry) -> frozenset[c.Service]:
    """An emergency channel answers for its owner; the front door and its forms for all four."""
    if not e.emergency:
        return frozenset()
    return frozenset([e.owner] if e.owner else c.Service)


def _channel_words(e: schema.ChannelWordsEntry) -> c.ChannelWords:
    return c.ChannelWords(text(e.label), text(e.what), e.url, texts(e.how))


def _body(e: schema.BodyEntry) -> c.Body:
    return c.Body(
        service=c.Service(e.kind),
        slug=e.slug,
        name=e.name.text(),
        aka=tuple(e.aka),
    )


def _live(
    entries: Iterable[schema.LocalEntry], names: Mapping[str, c.Text]
) -> Iterable[schema.LocalEntry]:
    """The services of today: a council that was merged away has no name any more."""
    return (e for e in entries if e.name or f"{e.kind}:{e.slug}" in names)


def _services(
    entries: Iterable[schema.LocalEntry], names: Mapping[str, c.Text]
) -> dict[tuple[local.LocalKind, str], local.LocalService]:
    """The local services by kind and slug; a body or a council has its own name."""
    return {
        (e.kind, e.slug): local.LocalService(
            e.kind,
            e.slug,
            e.name.text() if e.name else names[f"{e.kind}:{e.slug}"],
            tuple(_way(w) for w in e.way),
            frozenset(e.areas),
        )
        for e in entries
    }


def _way(e: schema.LocalWayEntry) -> local.LocalWay:
    return local.LocalWay(
        use=e.use,
        fact=c.Fact(e.source, e.checked, e.certainty),
        url=e.url,
        number=e.number,
        hours=text(e.hours),
        note=text(e.note),
        harmless=e.harmless,
        as_of=e.as_of,
    )


def _area(e: schema.AreaEntry) -> c.Area:
    councils = [c.Council(k.code, c.Text(k.name, k.cy or k.name), tuple(k.was)) for k in e.councils]
    return c.Area(
        slug=e.slug,
        name=e.name.text(),
        nation=e.nation,
        region=e.region,
        police=e.police,
        fire=e.fire,
        ambulance=e.ambulance,
        councils=tuple(councils),
        towns=tuple(e.towns),
        towns_cy=tuple(e.towns_cy),
        postcode_letters=tuple(e.postcode_letters),
        fact=c.Fact(e.source, e.checked, "V"),
    )


def _brands(e: schema.NetworkEntry) -> list[c.Brand]:
    fact = c.Fact(e.source, e.checked, e.certainty)
    return [
        c.Brand(slugify(b.name), b.name, e.id, b.line, leads=b.name == e.name, fact=fact)
        for b in e.brands
    ]


def slugify(name: str) -> str:
    return "-".join("".join(ch if ch.isalnum() else " " for ch in name.lower()).split())
