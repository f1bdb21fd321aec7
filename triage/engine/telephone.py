"""Which numbers anybody in the UK can ring, by Ofcom's numbering plan (rule 8).

A number published with a notice is geographic (01, 02), non-geographic at the same price (03), or
free (0800, 0808), with the right number of digits. Premium (09), business-rate (084, 087), mobile
and personal (07), corporate (05), directory (118) and foreign numbers are none.
"""

from __future__ import annotations

from functools import lru_cache

UK_PREFIX = "+44"
# Prefix -> how many digits the whole number has, its 0 included.
_LENGTHS = (
    ("0800", frozenset({10, 11})),
    ("0808", frozenset({11})),
    ("01", frozenset({10, 11})),
    ("02", frozenset({11})),
    ("03", frozenset({11})),
)
# The one free number of eight digits.
_SHORT = "08001111"


@lru_cache(maxsize=512)
def is_ringable(number: str) -> bool:
    """Whether anybody in the UK can ring a number that is written so."""
    digits = number.replace(" ", "")
    if digits.startswith(UK_PREFIX):
        digits = "0" + digits.removeprefix(UK_PREFIX)
    if not digits.isascii() or not digits.isdigit():
        return False
    lengths = [known for prefix, known in _LENGTHS if digits.startswith(prefix)]
    return digits == _SHORT or bool(lengths and len(digits) in lengths[0])
