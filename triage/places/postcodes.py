"""The store of postcodes: one text file, read into memory, asked without a query.

One stands in seeds/places/, so that postcodes work with no further step; `manage.py
import_postcodes` writes a newer one into the data folder (postcode_files.py reads what it is
given), and the newer of the two is used. About 0.5 MB on disk and 2 MB in memory for the 1.7
million postcodes of Great Britain. A postcode is answered by the first of outcode, sector and unit
that settles it; what straddles a boundary stays several candidates.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from triage import clock
from triage.engine.catalogue import Catalogue

FILE = "postcodes.store"
ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal "
    "Mail copyright and database right 2025. Contains National Statistics data © Crown copyright "
    "and database right 2025. Source: OS Code-Point Open, Open Government Licence v3.0. Made by "
    "manage.py import_postcodes."
)
FORMAT = "which-number-postcodes"
VERSION = 1
# A store many times larger than all of Great Britain is no store of ours.
MOST_BYTES = 16 * 1024 * 1024
log = logging.getLogger("which_number")


class PostcodeStoreError(Exception):
    """The file is not a whole store of this version; the message says what to do."""


@dataclass(frozen=True)
class Tables:
    """What an import gives: only what is needed to settle each postcode.

    `outcodes` counts the live postcodes of each area. `sectors` holds the areas of a sector,
    likeliest first, for the outcodes that straddle; `units` the two-letter endings of each area,
    run together, for the sectors that do.
    """

    outcodes: Mapping[str, Mapping[str, int]]
    sectors: Mapping[str, tuple[str, ...]]
    units: Mapping[str, Mapping[str, str]]

    @property
    def letters(self) -> frozenset[str]:
        """The letters that the outcodes begin with: what the tables can speak of."""
        return frozenset(_letters(outcode) for outcode in self.outcodes)

    @property
    def postcodes(self) -> int:
        return sum(sum(areas.values()) for areas in self.outcodes.values())


@dataclass(frozen=True)
class PostcodeAnswer:
    """The areas of a postcode, likeliest first.

    `known` is how much of it there is: all of what was asked, or no more than a part, whose areas
    these are ("" where not even the letters are known).
    """

    areas: tuple[str, ...] = ()
    known: str = ""


class Postcodes:
    """A store of postcodes; this one is empty, and leaves everything to the letters."""

    def areas(
        self, outcode: str, sector: str | None = None, unit: str | None = None
    ) -> PostcodeAnswer | None:
        """What is known of an outcode ("LE1"), its sector ("LE1 5") and unit ("FQ"). None: the
        store cannot speak of its letters."""
        return None

    def starting(self, part: str) -> tuple[str, ...] | None:
        """Area slugs of every outcode that begins with a part: EC1 is EC1A, EC1M and so on."""
        return None

    @property
    def counts(self) -> Mapping[str, int]:
        """The live postcodes of each area."""
        return {}


@dataclass(frozen=True, eq=False)
class Store(Postcodes):
    """The tables of one import, with where they came from and the day they were imported."""

    tables: Tables
    origin: str
    imported: str
    letters: frozenset[str] = field(default=frozenset())

    def areas(
        self, outcode: str, sector: str | None = None, unit: str | None = None
    ) -> PostcodeAnswer | None:
        shares = self.tables.outcodes.get(outcode)
        if shares is None:
            letters = _letters(outcode)
            return PostcodeAnswer(self.starting(letters) or ()) if letters in self.letters else None
        if len(shares) == 1 or sector is None:
            return PostcodeAnswer(_by_share(shares), f"{sector or outcode}{unit or ''}")
        candidates = self.tables.sectors.get(sector)
        if candidates is None:
            return PostcodeAnswer(_by_share(shares), outcode)
        if len(candidates) == 1 or unit is None:
            return PostcodeAnswer(candidates, f"{sector}{unit or ''}")
        own = self._of_unit(sector, unit)
        return PostcodeAnswer(own, f"{sector}{unit}") if own else PostcodeAnswer(candidates, sector)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for areas in self.tables.outcodes.values():
            found.update(areas)
        return found

    def _of_unit(self, sector: str, unit: str) -> tuple[str, ...]:
        """The areas that hold a unit; none where it is new or mistyped: then its sector's."""
        endings = self.tables.units.get(sector, {})
        return tuple(area for area, run in endings.items() if _holds(run, unit))

    def starting(self, part: str) -> tuple[str, ...] | None:
        """All outcodes of some letters, or with one more character after a whole outcode."""
        if part.isalpha() and part not in self.letters:
            return None
        return self._beginnings.get(part, ())

    @cached_property
    def _beginnings(self) -> Mapping[str, tuple[str, ...]]:
        totals: dict[str, Counter[str]] = {}
        for outcode, shares in self.tables.outcodes.items():
            # M1 begins with M twice over: by its letters, and but for its last character.
            for part in {_letters(outcode), outcode[:-1]}:
                totals.setdefault(part, Counter()).update(shares)
        return {part: _by_share(total) for part, total in totals.items()}


def write(folder: Path, tables: Tables, origin: str, imported: str) -> Path:
    """Write the store by rename, so that there is the old one or the new one, never a half.

    `imported` is a date, YYYY-MM-DD. Raises OSError where the folder cannot be written.
    """
    body = "".join(_lines(tables)).encode()
    head = {
        "format": FORMAT,
        "version": VERSION,
        "sha256": hashlib.sha256(body).hexdigest(),
        "origin": origin,
        "imported": imported,
        "attribution": ATTRIBUTION,
    }
    path = folder / FILE
    new = folder / f"{FILE}.new-{os.getpid()}"
    try:
        with new.open("wb") as file:
            file.write(json.dumps(head, ensure_ascii=False).encode() + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return path


def load(path: Path, catalogue: Catalogue) -> Store:
    """The store in a file. Raises PostcodeStoreError where it is damaged or of another version, and
    OSError where it cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        raise PostcodeStoreError(f"{path.name} is too large to be a store: {_AGAIN}")
    first, _, body = path.read_bytes().partition(b"\n")
    head = _head(path.name, first)
    if hashlib.sha256(body).hexdigest() != head["sha256"]:
        raise PostcodeStoreError(f"{path.name} is damaged (its checksum differs): {_AGAIN}")
    tables = _spread(json.loads(body), catalogue)
    return Store(tables, str(head["origin"]), str(head["imported"]), tables.letters)


_AGAIN = "run manage.py import_postcodes again"


def _head(name: str, line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
        known = head["format"] == FORMAT and head["version"] == VERSION
    except (ValueError, TypeError, KeyError) as error:
        raise PostcodeStoreError(f"{name} is not a store of postcodes: {_AGAIN}") from error
    if not known or not {"sha256", "origin", "imported"} <= set(head):
        raise PostcodeStoreError(f"{name} is of another version: {_AGAIN}")
    return dict(head)


def _lines(tables: Tables) -> Iterator[str]:
    """The tables as JSON with a line for each outcode and sector: what a newer one changes is
    seen in a difference of the two."""
    for number, (title, rows) in enumerate(_compact(tables).items()):
        yield f'{"," if number else "{"}"{title}":'
        opening, closing = "[]" if isinstance(rows, list) else "{}"
        items = [json.dumps(r) for r in rows] if isinstance(rows, list) else _items(rows)
        yield f"{opening}\n" + ",\n".join(items) + f"\n{closing}\n"
    yield "}\n"


def _items(rows: Mapping[str, Any]) -> list[str]:
    return [f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in rows.items()]


def _compact(tables: Tables) -> dict[str, Any]:
    """The tables with each area named once."""
    slugs = sorted({area for shares in tables.outcodes.values() for area in shares})
    at = {slug: n for n, slug in enumerate(slugs)}
    return {
        "areas": slugs,
        "outcodes": {
            code: [[at[a], count] for a, count in shares.items()]
            for code, shares in tables.outcodes.items()
        },
        "sectors": {code: [at[a] for a in areas] for code, areas in tables.sectors.items()},
        "units": {
            code: [[at[a], run] for a, run in runs.items()] for code, runs in tables.units.items()
        },
    }


def _spread(data: dict[str, Any], catalogue: Catalogue) -> Tables:
    """The tables of a file. Areas are those of today: a store outlives a merger."""
    slugs = []
    for slug in data["areas"]:
        now = catalogue.area_now(slug)
        if now is None:
            raise PostcodeStoreError(f'{FILE} names an area "{slug}" that is unknown: {_AGAIN}')
        slugs.append(now)
    return Tables(
        outcodes={c: added((slugs[n], k) for n, k in s) for c, s in data["outcodes"].items()},
        sectors={
            c: tuple(dict.fromkeys(slugs[n] for n in areas)) for c, areas in data["sectors"].items()
        },
        units={c: _joined((slugs[n], r) for n, r in runs) for c, runs in data["units"].items()},
    )


def added(shares: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The shares of each area; two areas that were merged add up."""
    total: Counter[str] = Counter()
    for area, count in shares:
        total[area] += count
    return dict(total)


def _joined(runs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for area, run in runs:
        joined[area] = joined.get(area, "") + run
    return joined


def _holds(run: str, unit: str) -> bool:
    """Whether a pair of letters stands in a run of pairs: not across two of them."""
    at = run.find(unit)
    while at > 0 and at % 2:
        at = run.find(unit, at + 1)
    return at >= 0


def _by_share(shares: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(shares, key=lambda area: (-shares[area], area)))


def _letters(outcode: str) -> str:
    return outcode[:2] if outcode[1].isalpha() else outcode[:1]


class Watched:
    """The store in use: of the one that ships with the project and the imported one, the newer.

    The data folder is looked at once a second at most, and only when somebody looks for a place: an
    import needs no restart. A damaged store is told in the log and leaves the last good one in its
    place.
    """

    EVERY = 1.0

    def __init__(self, folder: Path, catalogue: Catalogue, shipped: Path | None = None) -> None:
        self._path = folder / FILE
        self._catalogue = catalogue
        self._lock = Lock()
        self._looked = float("-inf")
        self._seen: tuple[int, int, int] | None = None
        self._shipped = self._read(shipped) if shipped else Postcodes()
        self._store = self._shipped

    def current(self) -> Postcodes:
        """The store of now; never raises, and never waits for another thread's reading."""
        if clock.steady() - self._looked >= self.EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._store

    def _look(self) -> None:
        self._looked = clock.steady()
        seen = _identity(self._path)
        if seen == self._seen:
            return
        self._seen = seen
        imported = self._read(self._path) if seen else Postcodes()
        if isinstance(imported, Store) or not seen:
            self._store = _newer(imported, self._shipped)

    def _read(self, path: Path) -> Postcodes:
        """The store in a file; an empty one, told in the log, where there is none that is whole."""
        try:
            return load(path, self._catalogue)
        except (OSError, PostcodeStoreError, ValueError, KeyError, TypeError) as error:
            log.error("The store of postcodes cannot be used: %s", error)
            return Postcodes()


def _newer(imported: Postcodes, shipped: Postcodes) -> Postcodes:
    if isinstance(imported, Store) and isinstance(shipped, Store):
        return imported if imported.imported >= shipped.imported else shipped
    return imported if isinstance(imported, Store) else shipped


def changes(old: Postcodes, new: Store) -> Iterator[str]:
    """What a newer store changes, a sentence each: outcodes that came, went or changed areas."""
    if not isinstance(old, Store):
        return
    before, after = old.tables.outcodes, new.tables.outcodes
    moved = [c for c in after if c in before and set(before[c]) != set(after[c])]
    for what, codes in (
        ("new", sorted(set(after) - set(before))),
        ("gone", sorted(set(before) - set(after))),
        ("in other areas", sorted(moved)),
    ):
        if codes:
            more = ", …" if len(codes) > 12 else ""
            yield f"{len(codes):,} outcodes {what}: {', '.join(codes[:12])}{more}"
    pairs = ((old.tables.sectors, new.tables.sectors), (old.tables.units, new.tables.units))
    differ = sum(a.get(k) != b.get(k) for a, b in pairs for k in {*a, *b})
    yield f"{differ:,} sectors differ." if differ else "No sector differs."


def _identity(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
