"""Files -> entries -> the engine's values, collecting every fault on the way."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from triage.engine import catalogue as c
from triage.engine import rulebook as r
from triage.engine.situation import Code
from triage.seeds import references, schema
from triage.seeds.build_catalogue import catalogue, text, texts
from triage.seeds.entries import Entries
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
# outages, outlines of areas, places and their names, thresholds of early warning, the groups of the
# directory.
ELSEWHERE = (
    "words", "says", "history", "tiles", "languages", "outlines", "glossary", "places", "signals",
    "directory",
)  # fmt: skip


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
        catalogue=catalogue(entries, on),
        needs={n.id: _need(n) for n in entries.of("need")},
        presets=tuple(p for entry in entries.of("preset") for p in _presets(entry)),
        second_ways=_second_ways(entries),
        questions={q.id: _question(q) for q in entries.of("question")},
        outcomes={o.id: _outcome(o) for o in entries.of("outcome")},
        codes={Code(name): words.text() for name, words in entries.of("code")},
        digest=entries.digest,
    )


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
        hint=text(e.hint),
        address=e.address or e.id,
        sensitive=e.sensitive,
    )


def _outcome(e: schema.OutcomeEntry) -> r.Outcome:
    return r.Outcome(
        id=e.id,
        title=e.title.text(),
        needs={nation: e.need_in(nation) for nation in c.Nation},
        lead=e.lead.text(),
        do=texts(e.do) or (),
        ready=texts(e.ready) or (),
        signs=texts(e.signs) or (),
        also=tuple(e.also),
        ask=text(e.ask),
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
    return r.OutcomeWords(text(e.lead), texts(e.do), texts(e.ready), also)


Check = Callable[[Entries], Iterable[SeedProblem]]
