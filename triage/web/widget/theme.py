"""A host's own colours for the widget: taken only where everything in them can be read.

Contrast is worked out as WCAG 2.2 defines it (relative luminance, success criterion 1.4.3). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triage.seeds.word_keys import WordKey

READABLE = 4.5
TOKENS = ("accent", "ground", "ink")
_HEX = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Theme:
    """Three colours as #rrggbb: of what can be pressed, of the page, of the words."""

    accent: str = "#0b5a6b"
    ground: str = "#ffffff"
    ink: str = "#16202b"

    @property
    def css(self) -> str:
        return f":root{{--accent:{self.accent};--ground:{self.ground};--ink:{self.ink}}}"


@dataclass(frozen=True, slots=True)
class ThemeProblem:
    """What is wrong with a colour: the token, and the key and values of the words that say so."""

    token: str
    words: WordKey
    ratio: str = ""


def theme(given: Mapping[str, str]) -> tuple[Theme | None, tuple[ThemeProblem, ...]]:
    """The theme of the tokens given, or none and why. No token at all is no theme, and no fault."""
    tokens = {name: given[name] for name in TOKENS if given.get(name)}
    if faults := [
        ThemeProblem(n, "embed-colour-not-hex") for n, v in tokens.items() if not is_hex(v)
    ]:
        return None, tuple(faults)
    if not tokens:
        return None, ()
    wanted = Theme(**{name: whole(value) for name, value in tokens.items()})
    unreadable = tuple(_unreadable(wanted))
    return (None, unreadable) if unreadable else (wanted, ())


def is_hex(value: str) -> bool:
    return _HEX.fullmatch(value) is not None


def whole(value: str) -> str:
    """A colour in its long form: 0B5 is #00bb55."""
    digits = value.lstrip("#").lower()
    return "#" + ("".join(c * 2 for c in digits) if len(digits) == 3 else digits)


def _unreadable(wanted: Theme) -> Iterator[ThemeProblem]:
    for name in ("ink", "accent"):
        ratio = contrast(getattr(wanted, name), wanted.ground)
        if ratio < READABLE:
            yield ThemeProblem(name, "embed-colour-too-faint", f"{ratio:.1f}")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
