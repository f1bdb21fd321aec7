"""The Welsh that waits for a Welsh speaker, as a table that goes out and comes back signed.

Out: one row a text, safety first, with an empty column for what it should be. In: each row that
says yes, or says better, is written into the file it came from with the reviewer's name.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from triage.seeds.fact_register import ToRead

COLUMNS = ("weight", "where", "en", "cy", "good", "better")
YES = ("yes", "ie", "y", "iawn")


class ReviewError(ValueError):
    """A table that cannot be taken; the message names every line that is wrong."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A text that a Welsh speaker has read: what it was, and what it is to be."""

    en: str
    cy: str
    better: str


def table(waiting: Iterable[ToRead]) -> str:
    """The texts as comma separated values, for a translator to fill in."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in waiting:
        row = (item.weight.name.lower(), item.where, item.text.en, item.text.cy, "", "")
        writer.writerow(row)
    return out.getvalue()


def signed(given: str) -> list[Signed]:
    """The rows that were read. Raises ReviewError for a table of another shape."""
    rows = csv.DictReader(io.StringIO(given.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")))
    if missing := sorted(set(COLUMNS) - set(rows.fieldnames or ())):
        raise ReviewError(f"the table has no column {', '.join(missing)}")
    return [_signed(row) for row in rows if _is_read(row)]


def _is_read(row: Mapping[str, str]) -> bool:
    good, better = (row[name] or "" for name in ("good", "better"))
    return bool(better.strip()) or good.strip().casefold() in YES


def _signed(row: Mapping[str, str]) -> Signed:
    return Signed(row["en"], row["cy"], (row["better"] or "").strip() or row["cy"])


def sign(folder: Path, given: Iterable[Signed], reviewer: str) -> int:
    """Writes what was signed into seeds/, and gives how many texts that were.

    Raises ReviewError, with nothing written, where a text no longer stands in any file.
    """
    files = {p: p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*.toml"))}
    count, lost = 0, []
    for item in given:
        found = 0
        for path, text in files.items():
            files[path], hits = _in(text, item, reviewer)
            found += hits
        count += found
        if not found:
            lost.append(item.en)
    if lost:
        raise ReviewError("no file holds any more: " + "; ".join(lost))
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return count


def _in(text: str, item: Signed, reviewer: str) -> tuple[str, int]:
    """One file with a text signed, wherever it stands there, in either way of writing it."""
    en, cy, better, name = (_quoted(s) for s in (item.en, item.cy, item.better, reviewer))
    inline = re.compile(rf"\{{ en = {re.escape(en)}, cy = {re.escape(cy)}(?:, review = true)? \}}")
    block = re.compile(rf"en = {re.escape(en)}\ncy = {re.escape(cy)}\n(?:review = true\n)?")
    one = f"{{ en = {en}, cy = {better}, reviewed_by = {name} }}"
    text, first = inline.subn(lambda _: one, text)
    many = f"en = {en}\ncy = {better}\nreviewed_by = {name}\n"
    text, second = block.subn(lambda _: many, text)
    return text, first + second


def _quoted(text: str) -> str:
    """A text as a TOML string: JSON's escapes are TOML's too."""
    return json.dumps(text, ensure_ascii=False)
