"""Text of strangers, as a terminal may be given it: what would move its cursor is shown instead."""

from __future__ import annotations

from unicodedata import category

# Persian, Indic scripts and emoji are spelt with these.
_JOINERS = "\u200c\u200d"
# Controls, directions, surrogates, private characters; the ends of lines and paragraphs.
_UNSEEN = ("C", "Zl", "Zp")


def visible(text: str) -> str:
    """The text on one line, each control or directional character as its escape."""
    return "".join(
        char.encode("unicode_escape").decode()
        if category(char).startswith(_UNSEEN) and char not in _JOINERS
        else char
        for char in text
    )
