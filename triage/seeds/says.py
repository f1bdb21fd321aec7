"""seeds/says/*.txt -> the sentences that search learns from, or every fault at once.

A heading says what is right for the lines under it: `= fire-now en`; `= none en ~fire-now` is
nobody's matter that sounds like fire-now; `= *danger en` teaches danger alone, `= *flag en` is a
red flag. A line is one sentence, `#` a note. What is learnt from them is triage/search/training.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from triage.engine.catalogue import Lang
from triage.search.finding import NOBODY
from triage.seeds.problems import SeedProblem, SeedsError, unknown

DANGER, CALM = "*danger", "*calm"  # what teaches danger alone, of whatever matter
FLAG = "*flag"  # words that bring the panel whatever else is said
FLAGS, LANGUAGES = "flags.txt", "languages.txt"
# Languages other than the site's own, in which the commonest dangers are known.
OTHERS = (
    "pl", "ro", "pa", "ur", "bn", "gu", "ar", "pt", "es", "it",
    "fr", "ta", "tr", "so", "fa", "zh", "uk", "ru", "lt", "ku",
)  # fmt: skip
LANGS = (*map(str, Lang), *OTHERS)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as people say it: the id that is right for it, what it only sounds like, and the
    file that it stands in."""

    right: str
    lang: str
    near: str | None
    words: str
    file: str


def read_says(folder: Path, ids: Collection[str]) -> tuple[Said, ...]:
    """Every sentence, by file and place. `ids` are the outcomes and questions there are.
    Raises SeedsError with every fault that is found."""
    faults: list[SeedProblem] = []
    found = [said for path in _files(folder) for said in _read_file(path, ids, faults)]
    if not found and not faults:
        faults.append(SeedProblem(str(folder), "", "there are no sentences here"))
    if faults:
        raise SeedsError(faults)
    return tuple(found)


def read_flags(folder: Path, dangers: Collection[str]) -> tuple[str, ...]:
    """The red flags, and what the other scripts have for danger: there a sentence is often one
    word, and no English word is like it. Raises SeedsError with every fault that is found."""
    faults: list[SeedProblem] = []
    flags = [said.words for said in _read_file(folder / FLAGS, (), faults)]
    others = _read_file(folder / LANGUAGES, dangers, [])
    flags += [o.words for o in others if o.right in dangers and not o.words.isascii()]
    if faults:
        raise SeedsError(faults)
    return tuple(flags)


def read_other_languages(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """What people say in languages other than the site's own, by the language's code."""
    found: dict[str, list[str]] = {}
    for said in _read_file(folder / LANGUAGES, (), []):
        found.setdefault(said.lang, []).append(said.words)
    return {lang: tuple(words) for lang, words in found.items()}


def fingerprint(folder: Path) -> str:
    """The SHA-256 of everything that search learns from, in hexadecimal."""
    digest = hashlib.sha256()
    for path in (*_files(folder), *sorted(folder.glob("*.toml"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.txt"))


def _read_file(path: Path, ids: Collection[str], faults: list[SeedProblem]) -> Iterator[Said]:
    name = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(SeedProblem(name, "", f"cannot be read: {error}"))
        return
    heading: tuple[str, str, str | None] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        place = f"line {number}"
        if line.startswith("="):
            heading, wrong = _heading(line, ids)
            faults += [SeedProblem(name, place, what) for what in wrong]
        elif line and not line.startswith("#"):
            if heading is None:
                faults.append(SeedProblem(name, place, "stands under no heading: = ID en"))
                return
            yield Said(*heading, line, path.stem)


def _heading(line: str, ids: Collection[str]) -> tuple[tuple[str, str, str | None], list[str]]:
    parts = line[1:].split()
    right, lang, near = (*parts, "", "", "")[:3]
    wrong = []
    if right not in ids and right not in (NOBODY, DANGER, CALM, FLAG):
        wrong.append(unknown("outcome or question", right, [*ids, NOBODY]))
    if lang not in LANGS:
        wrong.append(unknown("lang", lang, LANGS))
    if near and (near[0] != "~" or near[1:] not in ids):
        wrong.append(unknown("outcome or question", near.lstrip("~"), ids))
    return (right, lang, near[1:] or None), wrong
