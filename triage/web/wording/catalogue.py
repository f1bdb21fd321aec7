"""A sentence as it is printed: numbers for braces, values for brackets, in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from triage.engine.catalogue import Lang, Text
from triage.rules import rulebook, words

__all__ = ["PLAIN", "Asides", "Numbered", "fill", "valued", "words"]

# What follows a channel's number where it may not simply be called now.
Asides = tuple[tuple[str, str], ...]
_CHANNEL = re.compile(r"\{([a-z0-9-]+)\}")
_VALUE = re.compile(r"\[([a-z]+)\]")
# 999 BSL is the name of another way: an aside in it would break the name.
_NAME = " BSL"
# The words that send somebody to the number after them, in both languages.
_SENDS = re.compile(
    r"\b(?:call|calls|calling|ring|phone|dial|try|use|text|ffoniwch|ffonio|galwch|galw|deialwch|deialu"
    r"|tecstiwch|tecstio|defnyddiwch|rhowch gynnig ar)\s+"
    r"(?:\{[a-z0-9-]+\},?\s+(?:(?:or|and|then|neu|ac|a|wedyn)\s+)?)*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _numbers() -> Mapping[str, str]:
    catalogue = rulebook().catalogue
    found = {channel: catalogue.number(channel) for channel in catalogue.channels}
    # A number never breaks over two lines: half a number is a wrong one.
    return {k: v.replace(" ", "\N{NO-BREAK SPACE}") for k, v in found.items() if v}


class Numbered(dict[str, str]):
    """Sentences as they stand in seeds/ -> with their numbers; each worked out once.

    An aside follows the number it is about, once in a sentence for each number: of two lines that
    are kept free, both say so. Of the channels of `sent_to` it follows only where the words send
    somebody there: "call 999", and not "misuse of 999".
    """

    def __init__(self, asides: Asides = (), sent_to: frozenset[str] = frozenset()) -> None:
        self._asides, self._sent_to = dict(asides), sent_to
        super().__init__()

    def __missing__(self, sentence: str) -> str:
        numbers, said = _numbers(), set[str]()

        def number(match: re.Match[str]) -> str:
            found, aside = numbers.get(match[1], match[0]), self._asides.get(match[1], "")
            if not aside or found in said or sentence.startswith(_NAME, match.end()):
                return found
            if match[1] in self._sent_to and not _SENDS.search(sentence, 0, match.start()):
                return found
            said.add(found)
            return f"{found} ({aside})"

        if len(self) >= _MOST:
            self.clear()
        filled = self[sentence] = _CHANNEL.sub(number, sentence)
        return filled


# More than there are sentences in both languages: no page makes more of them.
_MOST = 8192
PLAIN = Numbered()


def fill(text: Text, lang: Lang, numbered: Numbered = PLAIN, /, **values: object) -> str:
    """A sentence with its numbers and values. Without any value it stays as it is: a script fills
    it in. Raises KeyError where some of its values are given and others are not."""
    sentence = numbered[text.cy if lang is Lang.CY else text.en]
    return valued(sentence, values) if values else sentence


def valued(sentence: str, values: Mapping[str, object]) -> str:
    """A sentence with the values that its brackets name. Raises KeyError for one not given."""
    return _VALUE.sub(lambda m: str(values[m[1]]), sentence)
