"""Files of postcodes -> Tables: OS Code-Point Open, or tables prepared from it.

Nothing is written here. What is wrong with a file is told with its name, the line and what to do,
several faults at once; then nothing is imported at all.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from triage.engine.catalogue import Catalogue
from triage.places.postcodes import Tables, added

POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])([A-Z]{2})")
OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
SECTOR = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) [0-9]")
ENDINGS = re.compile(r"([A-Z]{2})+")
COUNCIL = re.compile(r"[EWSN][0-9]{8}")
COLUMNS = "postcode, quality, easting, northing, country, two NHS codes, county, district, ward"
PREPARED: Mapping[str, tuple[str, ...]] = {
    "outcodes.csv": ("outcode", "postcodes", "areas", "shares"),
    "sectors.csv": ("sector", "areas"),
    "split_sectors.csv": ("sector", "area", "unit_suffixes"),
}
MOST_FAULTS = 20
Told = Callable[[int, int, str], None]


class PostcodeFilesError(Exception):
    """The files cannot be imported; `faults` says why, each with its file and line."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass
class Imported:
    """The tables of an import, and what was left out of them."""

    tables: Tables
    origin: str
    files: int
    unknown_councils: Counter[str] = field(default_factory=Counter)
    without_council: int = 0
    elsewhere: int = 0


@dataclass(frozen=True)
class _File:
    """One CSV file in a folder or a zip."""

    name: str
    path: Path
    inside_zip: bool

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its line. Raises PostcodeFilesError where it is not a CSV file of text."""
        try:
            if self.inside_zip:
                with zipfile.ZipFile(self.path) as whole, whole.open(self.name) as raw:
                    yield from _csv(io.TextIOWrapper(raw, "utf-8-sig", newline=""))
            else:
                with self.path.open(encoding="utf-8-sig", newline="") as text:
                    yield from _csv(text)
        except (UnicodeDecodeError, csv.Error, zipfile.BadZipFile, RuntimeError, OSError) as error:
            raise PostcodeFilesError([f"{self.name}: cannot be read: {error}"]) from error


def _csv(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, strict=True)
    for row in reader:
        if row:
            yield reader.line_num, row


def read(path: Path, catalogue: Catalogue, told: Told = lambda done, total, name: None) -> Imported:
    """The tables that a zip, a folder or a file holds. Raises PostcodeFilesError with every fault.

    `told` is called with the files done, their number and the name of each one begun.
    """
    files = _files(path)
    prepared = {PurePosixPath(f.name).name: f for f in files if _is_prepared(f)}
    if "outcodes.csv" in prepared:
        return _Prepared(prepared, catalogue).read(told)
    points = [f for f in files if "/data/csv/" in f"/{f.name.lower()}"] or files
    if not points:
        raise PostcodeFilesError([f"{path.name}: holds no .csv file: {_WHAT_TO_GIVE}"])
    return _CodePoint(points, catalogue).read(told)


_WHAT_TO_GIVE = (
    "give the zip or folder of OS Code-Point Open (CSV), or a folder with "
    "outcodes.csv, sectors.csv and split_sectors.csv"
)


def _is_prepared(file: _File) -> bool:
    return PurePosixPath(file.name).name in PREPARED


def _files(path: Path) -> list[_File]:
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".csv" and p.is_file())
        return [_File(p.relative_to(path).as_posix(), p, inside_zip=False) for p in found]
    if not path.exists():
        raise PostcodeFilesError([f"{path}: there is no such file or folder"])
    if path.suffix.lower() == ".csv":
        return [_File(path.name, path, inside_zip=False)]
    if not zipfile.is_zipfile(path):
        raise PostcodeFilesError([f"{path.name}: is neither a zip nor a folder: {_WHAT_TO_GIVE}"])
    with zipfile.ZipFile(path) as whole:
        names = sorted(n for n in whole.namelist() if n.lower().endswith(".csv"))
    return [_File(name, path, inside_zip=True) for name in names]


class _Faults:
    """Faults as they are met; the reading stops when there are many, or at the end."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, file: str, line: int, what: str) -> None:
        self.found.append(f"{file} line {line}: {what}")
        if len(self.found) >= MOST_FAULTS:
            raise PostcodeFilesError([*self.found, "… and perhaps more. Nothing was imported."])

    def end(self) -> None:
        if self.found:
            raise PostcodeFilesError([*self.found, "Nothing was imported."])


class _CodePoint:
    """OS Code-Point Open: a file for each set of letters, a line for each postcode, no header."""

    def __init__(self, files: Sequence[_File], catalogue: Catalogue) -> None:
        self.files = files
        self.faults = _Faults()
        self.outside = {o.prefix for o in catalogue.outside}
        self.area_of_council = {
            code: catalogue.place_of_council[now].area
            for code, now in catalogue.council_now.items()
        }
        # sector -> area -> unit endings run together: the whole country takes about 8 MB.
        self.units: dict[str, dict[str, bytearray]] = {}
        self.unknown: Counter[str] = Counter()
        self.without = self.elsewhere = 0

    def read(self, told: Told) -> Imported:
        for number, file in enumerate(self.files):
            told(number, len(self.files), file.name)
            empty = True
            for line, row in file.rows():
                empty = False
                self._row(file.name, line, row)
            if empty:
                self.faults.add(file.name, 1, "is empty: copy the files again")
        told(len(self.files), len(self.files), "")
        self.faults.end()
        if not self.units:
            raise PostcodeFilesError([self._nothing_known()])
        return Imported(
            tables=tables_of(self.units),
            origin="OS Code-Point Open",
            files=len(self.files),
            unknown_councils=self.unknown,
            without_council=self.without,
            elsewhere=self.elsewhere,
        )

    def _nothing_known(self) -> str:
        codes = ", ".join(sorted(self.unknown)[:5]) or "none at all"
        return f"no postcode here belongs to a council of seeds/areas.toml (councils: {codes})"

    def _row(self, file: str, line: int, row: list[str]) -> None:
        if len(row) != 10:
            self.faults.add(file, line, f"has {len(row)} columns, not 10 ({COLUMNS})")
            return
        match = POSTCODE.fullmatch(row[0].strip().upper().replace(" ", ""))
        council = row[8].strip()
        if match is None:
            self.faults.add(file, line, f'"{row[0][:20]}" is not a postcode (column 1)')
        elif council and not COUNCIL.fullmatch(council):
            self.faults.add(file, line, f'"{council[:20]}" is not a council code (column 9)')
        else:
            self._keep(match[1], match[2], match[3], council)

    def _keep(self, outcode: str, digit: str, unit: str, council: str) -> None:
        """Northern Ireland is one area by its letters alone; what is no force's is left out."""
        letters = outcode[:2] if outcode[1].isalpha() else outcode[:1]
        if not council:
            self.without += 1
        elif letters == "BT" or letters in self.outside:
            self.elsewhere += 1
        elif area := self.area_of_council.get(council):
            units = self.units.setdefault(f"{outcode} {digit}", {})
            units.setdefault(area, bytearray()).extend(unit.encode())
        else:
            self.unknown[council] += 1


def tables_of(units: Mapping[str, Mapping[str, bytearray]]) -> Tables:
    """The smallest tables that settle every postcode: units only where a sector straddles."""
    outcodes: dict[str, Counter[str]] = {}
    for sector, areas in units.items():
        shares = outcodes.setdefault(sector.split()[0], Counter())
        for area, run in areas.items():
            shares[area] += len(run) // 2
    straddling = {s: areas for s, areas in units.items() if len(outcodes[s.split()[0]]) > 1}
    return Tables(
        outcodes={code: dict(shares) for code, shares in sorted(outcodes.items())},
        sectors={
            sector: tuple(sorted(areas, key=lambda a, areas=areas: (-len(areas[a]), a)))  # type: ignore[misc]
            for sector, areas in sorted(straddling.items())
        },
        units={
            sector: {area: run.decode() for area, run in areas.items()}
            for sector, areas in sorted(straddling.items())
            if len(areas) > 1
        },
    )


class _Prepared:
    """Tables that name areas: outcodes, sectors and split sectors, each with a header."""

    def __init__(self, files: Mapping[str, _File], catalogue: Catalogue) -> None:
        self.files = files
        self.catalogue = catalogue
        self.faults = _Faults()

    def read(self, told: Told) -> Imported:
        missing = [name for name in PREPARED if name not in self.files]
        if missing:
            raise PostcodeFilesError(
                [f"{name}: is missing beside outcodes.csv" for name in missing]
            )
        outcodes: dict[str, Mapping[str, int]] = {}
        sectors: dict[str, tuple[str, ...]] = {}
        units: dict[str, dict[str, str]] = {}
        for number, name in enumerate(PREPARED):
            told(number, len(PREPARED), name)
            for line, row in self._rows(name):
                if name == "outcodes.csv":
                    self._outcode(line, row, outcodes)
                elif name == "sectors.csv":
                    self._sector(line, row, outcodes, sectors)
                else:
                    self._split(line, row, sectors, units)
        told(len(PREPARED), len(PREPARED), "")
        self.faults.end()
        return Imported(Tables(outcodes, sectors, dict(units)), "prepared tables", len(PREPARED))

    def _rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        header: list[str] = []
        rows = 0
        for line, row in self.files[name].rows():
            if not header:
                header = row
                lacking = [column for column in PREPARED[name] if column not in row]
                if lacking:
                    raise PostcodeFilesError([f"{name} line 1: has no column {', '.join(lacking)}"])
            elif len(row) != len(header):
                self.faults.add(name, line, f"has {len(row)} columns, its header {len(header)}")
            else:
                rows += 1
                yield line, dict(zip(header, row, strict=True))
        if not rows:
            self.faults.add(name, 1, "has no rows: copy the file again")

    def _areas(self, name: str, line: int, text: str) -> list[str]:
        found = []
        for slug in text.split("|"):
            now = self.catalogue.area_now(slug.strip())
            if now is None:
                self.faults.add(name, line, f'area "{slug}" is unknown: see seeds/areas.toml')
            else:
                found.append(now)
        return found

    def _outcode(self, line: int, row: dict[str, str], found: dict[str, Mapping[str, int]]) -> None:
        name, code = "outcodes.csv", row["outcode"]
        areas = self._areas(name, line, row["areas"])
        if not OUTCODE.fullmatch(code) or code in found:
            self.faults.add(name, line, f'"{code}" is not an outcode, or stands twice')
            return
        try:
            shares = [float(share) for share in row["shares"].split("|")]
            counts = [max(1, round(int(row["postcodes"]) * share)) for share in shares]
            found[code] = added(zip(areas, counts, strict=True))
        except ValueError:
            self.faults.add(name, line, "postcodes and shares do not fit the areas")

    def _sector(
        self,
        line: int,
        row: dict[str, str],
        outcodes: Mapping[str, Mapping[str, int]],
        found: dict[str, tuple[str, ...]],
    ) -> None:
        name, code = "sectors.csv", row["sector"]
        areas = self._areas(name, line, row["areas"])
        match = SECTOR.fullmatch(code)
        if match is None or code in found:
            self.faults.add(name, line, f'"{code}" is not a sector, or stands twice')
        elif not set(areas) <= set(outcodes.get(match[1], ())):
            self.faults.add(name, line, f"outcodes.csv does not give {match[1]} these areas")
        else:
            found[code] = tuple(dict.fromkeys(areas))

    def _split(
        self,
        line: int,
        row: dict[str, str],
        sectors: Mapping[str, tuple[str, ...]],
        found: dict[str, dict[str, str]],
    ) -> None:
        name, code, endings = "split_sectors.csv", row["sector"], row["unit_suffixes"]
        areas = self._areas(name, line, row["area"])
        if not ENDINGS.fullmatch(endings):
            self.faults.add(name, line, "unit_suffixes are not pairs of letters run together")
        elif not areas or areas[0] not in sectors.get(code, ()):
            self.faults.add(name, line, f'sectors.csv does not give "{code}" this area')
        else:
            runs = found.setdefault(code, {})
            runs[areas[0]] = runs.get(areas[0], "") + endings
