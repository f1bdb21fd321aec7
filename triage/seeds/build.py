"""Files -> entries -> the engine's values, collecting every fault on the way."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from triage.engine import catalogue as c
from triage.engine import local_service as local
from triage.engine import rulebook as r
from triage.engine.situation import Code
from triage.seeds import references, schema
from triage.seeds.entries import Entries
from triage.seeds.opening_hours import opening_hours
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown

KINDS: Mapping[str, type[schema.SeedEntry]] = {
    "channel": schema.ChannelEntry,
    "body": schema.BodyEntry,
    "speaker": schema.SpeakerEntry,
    "area": schema.AreaEntry,
    "outside": schema.OutsideEntry,
    "holiday": schema.HolidayEntry,
    "network": schema.NetworkEntry,
    "source": schema.SourceEntry,
    "need": schema.NeedEntry,
    "preset": schema.PresetEntry,
    "question": schema.QuestionEntry,
    "outcome": schema.OutcomeEntry,
    "code": schema.CodeEntry,
    "local": schema.LocalEntry,
    "local-label": schema.LocalLabelEntry,
}
# Files that others read: words of pages (triage/web/wording/catalogue.py), what people say, past
# outages, outlines of areas, places and their names, thresholds of early warning.
ELSEWHERE = (
    "words", "says", "history", "tiles", "languages", "outlines", "glossary", "places", "signals",
)  # fmt: skip
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
E = TypeVar("E", bound=BaseModel)
V = TypeVar("V")


def read(folder: Path, on: date = date.max) -> r.Rulebook:
    """The rulebook in a folder as it stands on a day; without one, after every change written.

    Raises SeedsError with every fault that is found.
    """
    entries = _read_files(folder)
    entries.faults += references.check(entries)
    if entries.faults:
        raise SeedsError(entries.faults)
    return _rulebook(entries, on)


def _read_files(folder: Path) -> Entries:
    entries = Entries()
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.toml")):
        name = f"{folder.name}/{path.relative_to(folder)}"
        raw = path.read_bytes()
        digest.update(name.encode() + b"\0" + raw)
        if path.relative_to(folder).parts[0].removesuffix(".toml") not in ELSEWHERE:
            _read_file(entries, name, raw)
    entries.digest = digest.hexdigest()
    if not digest or not entries.found:
        entries.faults.append(SeedProblem(str(folder), "", "there are no seeds here"))
    return entries


def _read_file(entries: Entries, name: str, raw: bytes) -> None:
    try:
        data = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        entries.faults.append(SeedProblem(name, "", f"is not TOML: {error}"))
        return
    for kind, rows in data.items():
        if kind not in KINDS:
            entries.faults.append(SeedProblem(name, "", unknown("entry", kind, KINDS)))
            continue
        if isinstance(rows, dict):
            rows = [{"id": key, **row} for key, row in rows.items()]
        for number, row in enumerate(rows, 1):
            _read_row(entries, name, kind, number, row)


def _read_row(entries: Entries, name: str, kind: str, number: int, row: dict[str, Any]) -> None:
    model = KINDS[kind]
    ident = row.get("id") or row.get("slug") or row.get("prefix") or row.get("channel")
    place = f'{kind} "{ident}"' if ident else f"{kind} {number}"
    body = {k: v for k, v in row.items() if k != "id"} if kind == "code" else row
    try:
        entry = model.model_validate(body)
    except ValidationError as error:
        keys = model.model_fields
        entries.faults += [SeedProblem(name, place, explain(e, keys)) for e in error.errors()]
    else:
        found = (row["id"], entry) if kind == "code" else entry
        entries.found.setdefault(kind, []).append((name, place, found))


def _rulebook(entries: Entries, on: date) -> r.Rulebook:
    return r.Rulebook(
        catalogue=_catalogue(entries, on),
        needs={n.id: _need(n) for n in entries.of("need")},
        presets=tuple(p for entry in entries.of("preset") for p in _presets(entry)),
        second_ways=_second_ways(entries),
        questions={q.id: _question(q) for q in entries.of("question")},
        outcomes={o.id: _outcome(o) for o in entries.of("outcome")},
        codes={Code(name): words.text() for name, words in entries.of("code")},
        digest=entries.digest,
    )


def _catalogue(entries: Entries, on: date) -> c.Catalogue:
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
        lines=_texts(e.lines) or (),
        ways=tuple(_way(w) for w in e.way),
    )


def _text(entry: schema.TextEntry | None) -> c.Text | None:
    return entry.text() if entry else None


def _texts(entries: Iterable[schema.TextEntry] | None) -> tuple[c.Text, ...] | None:
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
        how=_texts(e.how) or (),
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
        cost=_text(e.cost),
        org=_text(e.org),
        facts=_facts(e.facts),
        local={nation: _channel_words(words) for nation, words in e.nation.items()},
    )


def _answers(e: schema.ChannelEntry) -> frozenset[c.Service]:
    """An emergency channel answers for its owner; the front door and its forms for all four."""
    if not e.emergency:
        return frozenset()
    return frozenset([e.owner] if e.owner else c.Service)


def _channel_words(e: schema.ChannelWordsEntry) -> c.ChannelWords:
    return c.ChannelWords(_text(e.label), _text(e.what), e.url, _texts(e.how))


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
        hours=_text(e.hours),
        note=_text(e.note),
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


def _need(e: schema.NeedEntry) -> r.Need:
    return r.Need(
        id=e.id,
        name=e.name.text(),
        urgency=e.urgency,
        services=frozenset(e.services),
        routes={nation: e.route.of(nation) for nation in c.Nation},
        uses=e.uses,
        stands_for=tuple(e.stands_for),
        spoken_of_by=frozenset(e.spoken_of_by),
        in_person=e.in_person.text(),
        may_wait=e.may_wait,
        source=e.source,
        checked=e.checked,
    )


def _presets(e: schema.PresetEntry) -> Iterable[r.Preset]:
    fact = c.Fact(e.source, e.checked, "V")
    for part in e.for_:
        for need in part.need:
            for state in e.state:
                for nation in c.Nation:
                    to = part.of(nation)
                    yield r.Preset(e.channel, state, need, e.mode, to, frozenset({nation}), fact)


def _second_ways(entries: Entries) -> dict[tuple[str, c.Nation], tuple[str, ...]]:
    """What an emergency's list goes on with though nothing is stated (rule 11)."""
    calm = [e for e in entries.of("preset") if e.calm]
    return {
        (need, nation): part.of(nation)
        for e in calm
        for part in e.for_
        for need in part.need
        for nation in c.Nation
    }


def _question(e: schema.QuestionEntry) -> r.Question:
    options = [r.Option(o.id, o.label.text(), o.to, o.not_sure) for o in e.option]
    return r.Question(
        id=e.id,
        title=e.title.text(),
        options=tuple(options),
        hint=_text(e.hint),
        address=e.address or e.id,
        sensitive=e.sensitive,
    )


def _outcome(e: schema.OutcomeEntry) -> r.Outcome:
    return r.Outcome(
        id=e.id,
        title=e.title.text(),
        needs={nation: e.need_in(nation) for nation in c.Nation},
        lead=e.lead.text(),
        do=_texts(e.do) or (),
        ready=_texts(e.ready) or (),
        signs=_texts(e.signs) or (),
        also=tuple(e.also),
        ask=_text(e.ask),
        steps=tuple(e.steps),
        beside=(e.beside.kind, e.beside.use) if e.beside else None,
        address=e.address or e.id,
        sensitive=e.sensitive,
        sources=tuple(e.sources),
        checked=e.checked,
        owner=e.owner,
        review_by=e.review_by,
        local={nation: _outcome_words(words) for nation, words in e.nation.items()},
    )


def _outcome_words(e: schema.OutcomeWordsEntry) -> r.OutcomeWords:
    also = None if e.also is None else tuple(e.also)
    return r.OutcomeWords(_text(e.lead), _texts(e.do), _texts(e.ready), also)


Check = Callable[[Entries], Iterable[SeedProblem]]
