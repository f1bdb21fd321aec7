"""The words of the pages, English and Welsh together, from seeds/words/*.toml.

Braces name a channel and become its number, so a number is never typed into a sentence. Square
brackets name a value the page gives. The words of questions and outcomes are not here: they
belong to the rulebook. Code asks for words by typed names (word_keys.py), so that a key that does
not exist cannot be asked for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from pydantic import ValidationError

from triage.engine.catalogue import Catalogue, Text
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown
from triage.seeds.references import TYPED_NUMBER
from triage.seeds.schema import TextEntry
from triage.seeds.word_keys import WordKey

KEYS: frozenset[str] = frozenset(get_args(WordKey))
_CHANNEL = re.compile(r"\{([a-z0-9-]+)\}")
_VALUE = re.compile(r"\[([a-z]+)\]")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs, in the order of the file."""

    key: str
    heading: Text
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class MessageCatalogue:
    """Every sentence of the pages by its key."""

    texts: Mapping[str, Text]

    def __getitem__(self, key: WordKey) -> Text:
        return self.texts[key]

    def known(self, key: str) -> WordKey:
        """A key that a template names. Raises KeyError for one that is not known."""
        if key not in self.texts:
            raise KeyError(unknown("words", key, self.texts))
        return cast(WordKey, key)

    def sections(self, page: str) -> tuple[Section, ...]:
        """The sections of a page of prose: `page-1` is a heading, `page-1-a` a line under it."""
        heading = re.compile(rf"{page}-\d+")
        return tuple(
            Section(key, text, tuple(self._lines(key)))
            for key, text in self.texts.items()
            if heading.fullmatch(key)
        )

    def _lines(self, key: str) -> Iterator[Text]:
        line = re.compile(rf"{key}-[a-z]")
        return (text for name, text in self.texts.items() if line.fullmatch(name))


def read_words(folder: Path, catalogue: Catalogue, keys: frozenset[str] = KEYS) -> MessageCatalogue:
    """The words in a folder, those that code asks for and no others.

    Raises SeedsError with every fault that is found.
    """
    texts: dict[str, Text] = {}
    faults: list[SeedProblem] = []
    for path in sorted(folder.glob("*.toml")):
        name = f"{folder.parent.name}/{folder.name}/{path.name}"
        try:
            rows = tomllib.loads(path.read_text())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(SeedProblem(name, "", f"is not TOML: {error}"))
            continue
        for key, row in rows.items():
            found = _entry(name, key, row, key in texts, catalogue)
            if isinstance(found, Text):
                texts[key] = found
            else:
                faults += found
    faults = faults or [*_other_keys(folder, set(texts), keys)]
    if faults:
        raise SeedsError(faults)
    return MessageCatalogue(texts)


def _entry(
    file: str, key: str, row: object, twice: bool, catalogue: Catalogue
) -> Text | list[SeedProblem]:
    place = f'words "{key}"'
    if twice or not _KEY.fullmatch(key):
        what = "stands twice" if twice else "is not lower case with hyphens"
        return [SeedProblem(file, place, what)]
    try:
        text = TextEntry.model_validate(row).text()
    except ValidationError as error:
        return [
            SeedProblem(file, place, explain(e, ("en", "cy", "review"))) for e in error.errors()
        ]
    return [SeedProblem(file, place, what) for what in _wrong(text, catalogue)] or text


def _wrong(text: Text, catalogue: Catalogue) -> Iterator[str]:
    for pattern, what in ((_CHANNEL, "braces"), (_VALUE, "brackets")):
        if set(pattern.findall(text.en)) != set(pattern.findall(text.cy)):
            yield f"the {what} of en and cy differ"
    for typed in TYPED_NUMBER.findall(_CHANNEL.sub("", f"{text.en} {text.cy}")):
        yield f'"{typed}" is typed: name its channel in braces'
    for channel in _CHANNEL.findall(text.en):
        if channel not in catalogue.channels:
            yield unknown("channel", channel, catalogue.channels)
        elif not catalogue.number(channel):
            yield f'channel "{channel}" has no number to print'


def _other_keys(folder: Path, found: set[str], keys: frozenset[str]) -> Iterator[SeedProblem]:
    """Where the words and the names that code asks by are two lists."""
    name = f"{folder.parent.name}/{folder.name}"
    for key in sorted(keys - found):
        yield SeedProblem(name, "", unknown("words", key, found) + "; the code asks for them")
    for key in sorted(found - keys):
        what = "no code can ask for these words: run `manage.py words --keys`"
        yield SeedProblem(name, f'words "{key}"', what)


def keys_in(folder: Path) -> frozenset[str]:
    """The keys of every file of words, right or wrong. Raises TOMLDecodeError."""
    files = sorted(folder.glob("*.toml"))
    return frozenset(key for f in files for key in tomllib.loads(f.read_text(encoding="utf-8")))


def write_keys(file: Path, keys: Iterable[str]) -> None:
    """Writes word_keys.py from the keys of seeds/words."""
    names = "\n".join(f'    "{key}",' for key in sorted(keys))
    file.write_text(
        '"""The names of all words, for code to ask by. Written by `manage.py words --keys`."""\n\n'
        "from __future__ import annotations\n\nfrom typing import Literal\n\n"
        f"WordKey = Literal[\n{names}\n]\n",
        encoding="utf-8",
    )
