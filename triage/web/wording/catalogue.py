"""A sentence as it is printed: numbers for braces, values for brackets, in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from triage.engine.catalogue import Lang, Text
from triage.rules import rulebook, words

__all__ = ["fill", "words"]

_CHANNEL = re.compile(r"\{([a-z0-9-]+)\}")
# A call that may not go through while 999 is not ordinary. 999 BSL is the name of another way.
_SHAKY = re.compile(r"\{(?:999|112)\}(?! BSL)")
_VALUE = re.compile(r"\[([a-z]+)\]")


@lru_cache(maxsize=1)
def _numbers() -> Mapping[str, str]:
    catalogue = rulebook().catalogue
    found = {channel: catalogue.number(channel) for channel in catalogue.channels}
    # A number never breaks over two lines: half a number is a wrong one.
    return {k: v.replace(" ", "\N{NO-BREAK SPACE}") for k, v in found.items() if v}


def fill(text: Text, lang: Lang, aside: str = "", /, **values: object) -> str:
    """A sentence with its numbers and values. `aside` follows 999 where 999 is not ordinary.

    Raises KeyError where some of its values are given and others are not. Without any it stays as
    it is: a script fills it in.
    """
    sentence = _numbered(text.lang(lang), aside)
    if not values:
        return sentence
    return _VALUE.sub(lambda m: str(values[m[1]]), sentence)


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
