"""Imports of postcodes: what is read, what is refused and how, and that a store is never half."""

from __future__ import annotations

import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import thread_time

import pytest
from django.conf import settings

from tests.conftest import Say
from triage import rules
from triage.engine.catalogue import Catalogue
from triage.places.finder import Finder
from triage.places.postcode_check import table_check
from triage.places.postcode_files import Imported, PostcodeFilesError, read
from triage.places.postcodes import (
    FILE,
    PostcodeAnswer,
    PostcodeStoreError,
    Store,
    Tables,
    Watched,
    load,
    write,
)

# The tables that the store was made from, where somebody has them.
REAL = Path(os.environ.get("WHICH_NUMBER_TABLES") or settings.BASE_DIR.parent / "shared" / "data")
SHIPPED = Path(settings.SEEDS_DIR) / "places" / FILE
DAY = "2026-11-24"
# Invented postcodes: the councils are real, the postcodes are made up for the test.
GWENT, FOREST, CITY = "W06000021", "E07000080", "E09000001"
CHEPSTOW = [
    ("XA1 1AA", GWENT),
    ("XA1 1AB", GWENT),
    ("XA1 1AC", FOREST),
    ("XA1 2AA", GWENT),
    ("XA2 1AA", FOREST),
]


@pytest.fixture
def catalogue() -> Catalogue:
    return rules.rulebook().catalogue


def line(postcode: str, council: str) -> str:
    fixed = postcode.replace(" ", "")
    return f'"{fixed}",10,358000,194000,"E92000001","E19000001","E18000001","","{council}",""'


def code_point(folder: Path, *rows: tuple[str, str], name: str = "xa.csv") -> Path:
    """A folder of OS Code-Point Open, as it is unpacked: Data/CSV and a list of its columns."""
    csv = folder / "Data" / "CSV"
    csv.mkdir(parents=True, exist_ok=True)
    (folder / "Doc").mkdir(exist_ok=True)
    (folder / "Doc" / "Code-Point_Open_Column_Headers.csv").write_text("PC,PQ,EA\n")
    (csv / name).write_text("".join(line(*row) + "\n" for row in rows))
    return folder


def prepared(folder: Path, **changed: str) -> Path:
    files = {
        "outcodes": "outcode,lat,lon,postcodes,areas,shares\n"
        "XA1,51.6,-2.6,4,gwent|gloucestershire,0.75|0.25\nXA2,51.6,-2.6,1,gloucestershire,1\n",
        "sectors": "sector,postcodes,areas\nXA1 1,3,gwent|gloucestershire\nXA1 2,1,gwent\n",
        "split_sectors": "sector,area,unit_suffixes\nXA1 1,gwent,AAAB\nXA1 1,gloucestershire,AC\n",
    }
    for name, text in {**files, **changed}.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def finder_of(imported: Imported, catalogue: Catalogue) -> Finder:
    tables = imported.tables
    return Finder(catalogue, Store(tables, imported.origin, DAY, tables.letters))


def found(finder: Finder, typed: str) -> list[str]:
    return [place.area for place in finder.find(typed).places]


Making = Callable[[Path], Path]
BOTH = pytest.mark.parametrize("make", [lambda p: code_point(p, *CHEPSTOW), prepared])


@BOTH
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("XA1 1AA", ["gwent"]),
        ("XA1 1AC", ["gloucestershire"]),
        ("XA1 1ZZ", ["gwent", "gloucestershire"]),
        ("XA1 1", ["gwent", "gloucestershire"]),
        ("XA1 2", ["gwent"]),
        ("XA1 9", ["gwent", "gloucestershire"]),
        ("XA1", ["gwent", "gloucestershire"]),
        ("XA2", ["gloucestershire"]),
        ("XA", ["gwent", "gloucestershire"]),
        ("XA9 9ZZ", ["gwent", "gloucestershire"]),
    ],
)
def test_outcode_then_sector_then_unit(
    tmp_path: Path, catalogue: Catalogue, make: Making, typed: str, expected: list[str]
) -> None:
    finder = finder_of(read(make(tmp_path), catalogue), catalogue)
    assert found(finder, typed) == expected


def test_a_zip_reads_like_its_folder(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = code_point(tmp_path / "codepo_gb", *CHEPSTOW)
    with zipfile.ZipFile(tmp_path / "codepo_gb.zip", "w") as whole:
        for path in folder.rglob("*.csv"):
            whole.write(path, path.relative_to(folder))
    zipped = read(tmp_path / "codepo_gb.zip", catalogue)
    assert zipped.tables == read(folder, catalogue).tables


def test_letters_that_were_not_imported_fall_back_on_the_letters(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    finder = finder_of(read(code_point(tmp_path, *CHEPSTOW), catalogue), catalogue)
    assert found(finder, "EC2V 7HH") == ["city-of-london", "metropolitan"]
    assert found(finder, "BT1 1AA") == ["northern-ireland"]


def test_councils_that_are_no_more_are_counted_and_named(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    imported = read(code_point(tmp_path, *CHEPSTOW, ("XA3 1AA", "E07000999")), catalogue)
    assert imported.unknown_councils == {"E07000999": 1}
    assert "XA3" not in imported.tables.outcodes


def test_postcodes_without_a_council_are_counted(tmp_path: Path, catalogue: Catalogue) -> None:
    assert read(code_point(tmp_path, *CHEPSTOW, ("XA3 1AA", "")), catalogue).without_council == 1


def test_jersey_and_belfast_are_left_to_their_letters(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = (*CHEPSTOW, ("JE2 3AB", GWENT), ("BT1 1AA", "N09000003"))
    imported = read(code_point(tmp_path, *rows), catalogue)
    assert imported.elsewhere == 2
    assert imported.tables.letters == {"XA"}


# --- what is refused


def refused(path: Path, catalogue: Catalogue) -> str:
    with pytest.raises(PostcodeFilesError) as caught:
        read(path, catalogue)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Postcode,PQ\n", "xb.csv line 1: has 2 columns, not 10"),
        (line("XA1 1AA", GWENT) + "\n" + line("NOT ONE", GWENT), 'line 2: "NOTONE" is not a post'),
        (line("XA1 1AA", "Gwent"), '"Gwent" is not a council code (column 9)'),
        ("", "xb.csv line 1: is empty"),
        ('"XA1 1AA', "xb.csv: cannot be read"),
        ("\x00", "xb.csv"),
    ],
)
def test_a_wrong_line_is_refused_by_name_and_line(
    tmp_path: Path, catalogue: Catalogue, text: str, told: str
) -> None:
    code_point(tmp_path, *CHEPSTOW)
    (tmp_path / "Data" / "CSV" / "xb.csv").write_text(text)
    assert told in refused(tmp_path, catalogue)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    code_point(tmp_path, *CHEPSTOW)
    (tmp_path / "Data" / "CSV" / "xb.csv").write_bytes(b"\xff\xfe\x00")
    assert "xb.csv: cannot be read" in refused(tmp_path, catalogue)


def test_many_wrong_lines_stop_the_reading(tmp_path: Path, catalogue: Catalogue) -> None:
    told = refused(code_point(tmp_path, *[("WRONG", GWENT)] * 500), catalogue)
    assert len(told.splitlines()) == 21


def test_a_file_cut_short_in_a_zip_is_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    broken = tmp_path / "codepo.zip"
    with zipfile.ZipFile(broken, "w") as whole:
        whole.writestr("Data/CSV/xa.csv", line("XA1 1AA", GWENT) * 50)
    data = bytearray(broken.read_bytes())
    data[60] ^= 1
    broken.write_bytes(data)
    assert "Data/CSV/xa.csv: cannot be read" in refused(broken, catalogue)


@pytest.mark.parametrize("name", ["nothing.zip", "notes.txt", "empty"])
def test_what_is_no_edition_at_all_says_what_to_give(
    tmp_path: Path, catalogue: Catalogue, name: str
) -> None:
    path = tmp_path / name
    if name == "notes.txt":
        path.write_text("hello")
    if name == "empty":
        path.mkdir()
    told = refused(path, catalogue)
    assert "OS Code-Point Open" in told or "no such file" in told


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("outcodes", "outcode,areas\nXA1,gwent\n", "outcodes.csv line 1: has no column"),
        (
            "outcodes",
            "outcode,postcodes,areas,shares\nXA1,1,gwnet,1\n",
            'outcodes.csv line 2: area "gwnet" is unknown',
        ),
        (
            "outcodes",
            "outcode,postcodes,areas,shares\nXA1,many,gwent,1\n",
            "outcodes.csv line 2: postcodes and shares do not fit",
        ),
        ("sectors", "sector,areas\nXA1 1,kent\n", "sectors.csv line 2: outcodes.csv does not give"),
        (
            "split_sectors",
            "sector,area,unit_suffixes\nXA1 1,gwent,AAB\n",
            "split_sectors.csv line 2: unit_suffixes are not pairs",
        ),
        (
            "split_sectors",
            "sector,area,unit_suffixes\nXA1 2,gloucestershire,AA\n",
            "split_sectors.csv line 2: sectors.csv does not give",
        ),
        ("sectors", "", "sectors.csv line 1: has no rows"),
    ],
)
def test_a_wrong_table_is_refused_by_name_and_line(
    tmp_path: Path, catalogue: Catalogue, file: str, text: str, told: str
) -> None:
    assert told in refused(prepared(tmp_path, **{file: text}), catalogue)


def test_a_missing_table_is_named(tmp_path: Path, catalogue: Catalogue) -> None:
    (prepared(tmp_path) / "sectors.csv").unlink()
    assert "sectors.csv: is missing beside outcodes.csv" in refused(tmp_path, catalogue)


# --- the store


def stored(folder: Path, catalogue: Catalogue) -> Path:
    imported = read(prepared(folder), catalogue)
    return write(folder, imported.tables, imported.origin, DAY)


def test_a_store_reads_back_as_it_was_written(tmp_path: Path, catalogue: Catalogue) -> None:
    imported = read(prepared(tmp_path), catalogue)
    path = write(tmp_path, imported.tables, imported.origin, DAY)
    store = load(path, catalogue)
    assert (store.tables, store.origin, store.imported) == (imported.tables, imported.origin, DAY)


def test_nothing_but_the_store_is_left_in_the_folder(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    write(folder, read(prepared(tmp_path), catalogue).tables, "prepared", DAY)
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_a_write_that_fails_leaves_the_old_store(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(tmp_path, catalogue).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("triage.places.postcodes.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        stored(tmp_path, catalogue)
    assert (tmp_path / FILE).read_bytes() == before
    assert not list(tmp_path.glob("*.new-*"))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda raw: raw[:-9], "is damaged"),
        (lambda raw: raw.replace(b"XA2", b"XA3"), "is damaged"),
        (lambda raw: b"hello", "is not a store"),
        (lambda raw: b"[]\n[]", "is not a store"),
        (lambda raw: raw.replace(b'"version": 1', b'"version": 9'), "is of another version"),
    ],
)
def test_a_damaged_store_is_refused(
    tmp_path: Path, catalogue: Catalogue, damage: Callable[[bytes], bytes], told: str
) -> None:
    path = stored(tmp_path, catalogue)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(PostcodeStoreError, match=told):
        load(path, catalogue)


def test_a_store_outlives_a_merger_of_areas(tmp_path: Path, catalogue: Catalogue) -> None:
    path = stored(tmp_path, catalogue)
    merged = {k: v for k, v in catalogue.areas.items() if k != "gloucestershire"}
    after = Catalogue(
        catalogue.channels,
        merged,
        catalogue.bodies,
        catalogue.brands,
        catalogue.sources,
        moved={"gloucestershire": "gwent"},
    )
    assert load(path, after).areas("XA1") == PostcodeAnswer(("gwent",), "XA1")
    assert load(path, after).areas("XA1", "XA1 1", "AC") == PostcodeAnswer(("gwent",), "XA1 1AC")


# --- a running site


@pytest.fixture
def watched(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> tuple[Watched, list[float]]:
    """A watched folder, and a clock that the test moves."""
    moment = [0.0]
    monkeypatch.setattr("triage.clock.steady", lambda: moment[0])
    return Watched(tmp_path, catalogue), moment


def test_a_new_import_is_noticed_within_a_second(
    tmp_path: Path, catalogue: Catalogue, watched: tuple[Watched, list[float]]
) -> None:
    watch, moment = watched
    assert watch.current().areas("XA2") is None
    stored(tmp_path, catalogue)
    moment[0] += 0.5
    assert watch.current().areas("XA2") is None
    moment[0] += 0.6
    assert watch.current().areas("XA2") == PostcodeAnswer(("gloucestershire",), "XA2")


def test_a_damaged_import_leaves_the_last_good_store_and_is_told(
    tmp_path: Path,
    catalogue: Catalogue,
    watched: tuple[Watched, list[float]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch, moment = watched
    path = stored(tmp_path, catalogue)
    assert watch.current().areas("XA2") == PostcodeAnswer(("gloucestershire",), "XA2")
    path.write_bytes(b"half a st")
    moment[0] += 2
    with caplog.at_level("ERROR", "which_number"):
        assert watch.current().areas("XA2") == PostcodeAnswer(("gloucestershire",), "XA2")
    assert "import_postcodes again" in caplog.text


def test_of_the_shipped_store_and_an_import_the_newer_is_used(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    imported = read(prepared(tmp_path), catalogue)
    write(tmp_path, imported.tables, imported.origin, "2001-01-01")
    assert Watched(tmp_path, catalogue, SHIPPED).current().areas("XA2") is None
    write(tmp_path, imported.tables, imported.origin, "2999-01-01")
    answer = PostcodeAnswer(("gloucestershire",), "XA2")
    assert Watched(tmp_path, catalogue, SHIPPED).current().areas("XA2") == answer


def test_a_pair_of_letters_across_two_units_is_no_unit(catalogue: Catalogue) -> None:
    units = {"XA1 1": {"gwent": "ABCD", "gloucestershire": "BCXX"}}
    sectors = {"XA1 1": ("gwent", "gloucestershire")}
    tables = Tables({"XA1": {"gwent": 2, "gloucestershire": 2}}, sectors, units)
    store = Store(tables, "prepared", DAY, tables.letters)
    answer = store.areas("XA1", "XA1 1", "BC")
    assert answer == PostcodeAnswer(("gloucestershire",), "XA1 1BC")


# --- what ships with the project


def test_the_shipped_store_takes_four_megabytes_at_most(catalogue: Catalogue) -> None:
    tracemalloc.start()
    try:
        store = load(SHIPPED, catalogue)
        store.starting("EC1")
        assert tracemalloc.get_traced_memory()[0] < 4 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert store.tables.postcodes > 1_700_000


def test_a_look_up_takes_less_than_twenty_microseconds(catalogue: Catalogue, say: Say) -> None:
    store = load(SHIPPED, catalogue)
    asked = [
        (sector.split(" ")[0], sector, run[-2:])
        for sector, runs in store.tables.units.items()
        for run in runs.values()
    ]
    begun = thread_time()
    answers = [store.areas(*one) for one in asked]
    each = (thread_time() - begun) / len(asked)
    assert all(answer and len(answer.areas) == 1 for answer in answers)
    say(f"postcodes: {each * 1e6:.1f} µs a look-up, the mean of {len(asked):,} on borders")
    assert each < 20e-6


def test_the_shipped_files_say_whose_data_they_hold() -> None:
    for path in (SHIPPED, SHIPPED.parent / "gazetteer.txt"):
        head = path.read_text(encoding="utf-8")[:2000]
        assert "Contains OS data © Crown copyright and database right" in head
        assert "Open Government Licence" in head


# --- the real tables


@pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not here")
def test_every_row_of_the_real_tables_gives_exactly_its_areas(say: Say) -> None:
    told, wrong = table_check(REAL, rules.finder())
    say(told)
    assert not wrong


@pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not here")
def test_the_real_tables_fit_in_one_small_store(tmp_path: Path, catalogue: Catalogue) -> None:
    imported = read(REAL, catalogue)
    path = write(tmp_path, imported.tables, imported.origin, DAY)
    head = json.loads(path.read_bytes().partition(b"\n")[0])
    assert head["version"] == 1
    assert path.stat().st_size < 1024 * 1024
    assert imported.tables.postcodes > 1_700_000


@pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not here")
def test_every_council_of_the_real_list_is_in_the_seeds(catalogue: Catalogue) -> None:
    rows = (REAL / "local_authorities.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == set(catalogue.place_of_council)
