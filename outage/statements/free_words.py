"""Words that operators write for the public: made clean, and searched for telephone numbers.

Pure. A number in words has no test call and no end, so it stands nowhere but in its own field. It
is read however it is written: with dots, slashes or brackets, in full-width digits, with the
letter O for nought, or spelled out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

# Characters that turn the reading direction: what is shown would not be what was signed.
_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LINE_ENDS = dict.fromkeys(map(ord, "\t\n\r\x85\u2028\u2029"), " ")
# What may stand between the digits of one number, and hides nothing from who reads it.
_BETWEEN = r"[\s.\-‐-―−/\\()\[\]·•*_~|]"
_RUN = re.compile(rf"\d(?:{_BETWEEN}*\d)*")
_GROUPS = re.compile(r"\d+")
# Figures, times and dates: 14,000 and 08:30 and 24/11/2026 and 2026-11-24.
_FIGURES = re.compile(
    r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|(?<!\d)\d{1,2}:\d{2}(?!\d)"
    r"|(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
)
# A year stands beside an hour or a day: "25 June 2023 10 h".
_LOOKS_LIKE = re.compile(r"(?<![^\W\d])[0-9OoIl|]+(?![^\W\d])")
_AS_DIGITS = str.maketrans("OoIl|", "00111")
_SPELLED = {
    word: digit
    for digit, words in {
        "0": "zero nought oh dim", "1": "one un", "2": "two dau dwy", "3": "three tri tair",
        "4": "four pedwar pedair", "5": "five pump", "6": "six chwech", "7": "seven saith",
        "8": "eight wyth", "9": "nine naw",
    }.items()
    for word in words.split()
}  # fmt: skip
_SPELLED_RUN = re.compile(
    rf"\b(?:(?:double|treble|triple|dwbl|{'|'.join(_SPELLED)})[\s,.-]+){{4,}}(?:{'|'.join(_SPELLED)})\b",
    re.IGNORECASE,
)
# Shorter than any number that somebody could be sent to, but for those of the catalogue.
_SHORTEST = 5


class ControlCharacterError(ValueError):
    """The words hold a character that nobody can see and no database need keep."""


def clean(text: str) -> str:
    """Without characters that turn the direction, each line end a space. Raises
    ControlCharacterError for every other control character, NUL too."""
    text = text.translate(_DIRECTIONS).translate(_LINE_ENDS)
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise ControlCharacterError("a character that cannot be seen stands in it: type it anew")
    return text


def has_number(text: str, known: Collection[str] = ()) -> bool:
    """Whether words carry a telephone number that is none of those known (999, 101, 116 123)."""
    plain = _plain(text)
    if re.search(r"\+\s*\d", plain) or _SPELLED_RUN.search(plain):
        return True
    short = {number.replace(" ", "") for number in known}
    return any(not _is_known(run, short) for run in _runs(_FIGURES.sub(" ; ", plain)))


def _plain(text: str) -> str:
    """Digits as digits, whatever alphabet or letter they were borrowed from."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = "".join(str(unicodedata.digit(c, c)) for c in text)
    return _LOOKS_LIKE.sub(_borrowed, text)


def _borrowed(found: re.Match[str]) -> str:
    token = found[0]
    digits = any(c.isdigit() for c in token) or (len(token) > 1 and set(token) <= {"O", "o"})
    return token.translate(_AS_DIGITS) if digits else token


def _runs(text: str) -> Iterator[str]:
    for found in _RUN.finditer(text):
        if sum(c.isdigit() for c in found[0]) >= _SHORTEST:
            yield found[0]


def _is_known(run: str, known: Collection[str]) -> bool:
    """Whether a run is one of the known numbers, or several of them in a row."""
    groups = _GROUPS.findall(run)
    return "".join(groups) in known or all(group in known for group in groups)
