"""How hard English is to read: the Flesch-Kincaid grade, counted by us.

grade = 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid and others, 1975):
about the school year, in the United States, in which a child can read it. Syllables are counted
by the letters, so a grade is good to about half a year. Numbers count as words of one syllable:
people read them at a glance. Welsh has no such measure and is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’&]*")
_SENTENCE = re.compile(r"[.!?:]+(?:\s|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")
# Endings that are written with a vowel and said without one.
_SILENT_END = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouyszxcg]es|[aeiouy]le)$")
# A silent e inside a word that is made of two: "someone", "safely", "homeless".
_SILENT_INSIDE = re.compile(r"[^aeiouy]e(?=(?:ly|ment|ful|less|thing|one|where|times?|body)s?$)")
# Two vowels side by side that are said apart: "area", "being", "create", "quiet".
_APART = re.compile(r"ia(?!l$)|io(?!n|us)|eum$|eo(?!ple)|[aeiou]ing|ua|iet|area|uid$|creat")


@dataclass(frozen=True, slots=True)
class ReadingMeasure:
    """What a text is made of, and its grade."""

    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade; 0 for no words at all."""
        if not self.words:
            return 0.0
        long, heavy = self.words / self.sentences, self.syllables / self.words
        return round(0.39 * long + 11.8 * heavy - 15.59, 1)


def syllables(word: str) -> int:
    """How many syllables a word has, by its letters; at least one."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    if not plain:
        return 1
    count = len(_VOWELS.findall(plain)) + len(_APART.findall(plain))
    count -= len(_SILENT_INSIDE.findall(plain))
    if _SILENT_END.search(plain) and count > 1:
        count -= 1
    return max(1, count)


def measure(lines: Iterable[str]) -> ReadingMeasure:
    """Lines of text, each of one sentence or more. A line without a full stop ends one too."""
    sentences = [s for line in lines for s in _SENTENCE.split(line) if _WORD.search(s)]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    return ReadingMeasure(len(sentences), len(words), sum(syllables(word) for word in words))
