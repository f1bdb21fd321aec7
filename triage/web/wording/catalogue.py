"""The words of the pages, English and Welsh together, from seeds/words/*.toml.

Braces name a channel and become its number, so a number is never typed into a sentence. Square
brackets name a value the page gives. The words of questions and outcomes are not here: they
belong to the rulebook.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pydantic import ValidationError

from triage.engine.catalogue import Catalogue, Lang, Text
from triage.rules import rulebook
from triage.seeds.problems import SeedProblem, SeedsError, explain, unknown
from triage.seeds.references import TYPED_NUMBER
from triage.seeds.schema import TextEntry

_CHANNEL = re.compile(r"\{([a-z0-9-]+)\}")
# A call that may not go through while 999 is not ordinary. 999 BSL is the name of another way.
_SHAKY = re.compile(r"\{(?:999|112)\}(?! BSL)")
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

    def __getitem__(self, key: str) -> Text:
        return self.texts[key]

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


def read_words(folder: Path, catalogue: Catalogue) -> MessageCatalogue:
    """The words in a folder. Raises SeedsError with every fault that is found."""
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
    if not texts and not faults:
        faults.append(SeedProblem(str(folder), "", "there are no words here"))
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


@lru_cache(maxsize=1)
def words() -> MessageCatalogue:
    """The words of this process. Raises SeedsError, with every fault, where they are wrong."""
    return read_words(settings.SEEDS_DIR / "words", rulebook().catalogue)


@lru_cache(maxsize=1)
def _numbers() -> Mapping[str, str]:
    catalogue = rulebook().catalogue
    found = {channel: catalogue.number(channel) for channel in catalogue.channels}
    # A number never breaks over two lines: half a number is a wrong one.
    return {k: v.replace(" ", "\N{NO-BREAK SPACE}") for k, v in found.items() if v}


def fill(text: Text, lang: Lang, aside: str = "", /, **values: object) -> str:
    """A sentence with its numbers and values. `aside` follows 999 where 999 is not ordinary."""
    sentence = _numbered(text.lang(lang), aside)
    if not values:
        return sentence
    return _VALUE.sub(lambda m: str(values.get(m[1], m[0])), sentence)


@lru_cache(maxsize=8192)
def _numbered(sentence: str, aside: str) -> str:
    """A sentence with its numbers. The same few hundred are asked for by every page.

    One aside a sentence is enough to be seen; in the name 999 BSL it would break the name.
    """
    numbers = _numbers()
    first = _SHAKY.search(sentence) if aside else None

    def number(match: re.Match[str]) -> str:
        found = numbers.get(match[1], match[0])
        return f"{found} ({aside})" if first and match.start() == first.start() else found

    return _CHANNEL.sub(number, sentence)
