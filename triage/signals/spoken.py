"""Words that say that a number does not connect: "999 not working". The words are not kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_NUMBER = re.compile(r"(?<!\d)\d{3}(?!\d)")
_APART = re.compile(r"[^\w]+")


def said_to_fail(words: str, numbers: Mapping[str, str], phrases: Collection[str]) -> str:
    """The channel whose number is named together with a phrase of failing; else empty.

    `numbers` are of three digits, each with its channel; `phrases` are lower case without marks.
    """
    named = next((n for n in _NUMBER.findall(words) if n in numbers), "")
    if not named:
        return ""
    said = _APART.sub(" ", words.casefold().replace("'", "").replace("’", ""))
    padded = f" {said} "
    return numbers[named] if any(f" {phrase} " in padded for phrase in phrases) else ""
