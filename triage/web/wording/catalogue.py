"""A sentence as it is printed: numbers for braces, values for brackets, in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from triage.engine.catalogue import Lang, Text
from triage.rules import rulebook, words

__all__ = ["Asides", "fill", "words"]

# What follows a channel's number where it may not simply be called now.
Asides = tuple[tuple[str, str], ...]
_CHANNEL = re.compile(r"\{([a-z0-9-]+)\}")
_VALUE = re.compile(r"\[([a-z]+)\]")
# 999 BSL is the name of another way: an aside in it would break the name.
_NAME = " BSL"


@lru_cache(maxsize=1)
def _numbers() -> Mapping[str, str]:
    catalogue = rulebook().catalogue
    found = {channel: catalogue.number(channel) for channel in catalogue.channels}
    # A number never breaks over two lines: half a number is a wrong one.
    return {k: v.replace(" ", "\N{NO-BREAK SPACE}") for k, v in found.items() if v}


def fill(text: Text, lang: Lang, asides: Asides = (), /, **values: object) -> str:
    """A sentence with its numbers and values; an aside follows the number it is about.

    Raises KeyError where some of its values are given and others are not. Without any it stays as
    it is: a script fills it in.
    """
    sentence = _numbered(text.lang(lang), asides)
    if not values:
        return sentence
    return _VALUE.sub(lambda m: str(values[m[1]]), sentence)


@lru_cache(maxsize=8192)
def _numbered(sentence: str, asides: Asides) -> str:
    """A sentence with its numbers. The same few hundred are asked for by every page.

    Each aside stands once in a sentence: that is enough to be seen.
    """
    numbers, own, said = _numbers(), dict(asides), set[str]()

    def number(match: re.Match[str]) -> str:
        found, aside = numbers.get(match[1], match[0]), own.get(match[1], "")
        if not aside or aside in said or sentence.startswith(_NAME, match.end()):
            return found
        said.add(aside)
        return f"{found} ({aside})"

    return _CHANNEL.sub(number, sentence)
