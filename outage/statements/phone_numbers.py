"""Which local numbers may be published: those of the UK that anybody can ring.

Pure. By Ofcom's National Telephone Numbering Plan: geographic 01 and 02, 03, and the freephone 0800
and 0808. Premium, personal, corporate, mobile, directory and foreign numbers are refused
(advice.md, rule 8).
"""

from __future__ import annotations

import re
from datetime import timedelta

# A test call says so much about a number, and no more (advice.md: verified within 90 days).
TEST_HOLDS = timedelta(days=90)
_ALLOWED = re.compile(
    r"0(?:1\d{8,9}|2\d{9}|3\d{9}|800\d{6,7}|808\d{7})|08001111"  # Childline's own, seven digits
)


def national(number: str) -> str:
    """The digits as dialled within the UK: +44 1632 960001 -> 01632960001."""
    digits = re.sub(r"[\s()-]", "", number)
    return re.sub(r"^\+440?", "0", digits)


def why_not(number: str) -> str:
    """Why a number may not be published; empty where it may."""
    digits = national(number)
    if digits.startswith("+"):
        return "is not a number of the UK: not everybody can ring it"
    if re.fullmatch(r"01\d{8}", digits) and not _SHORT_AREA.match(digits):
        return "is a digit short: a number of this area has 11"
    if not _ALLOWED.fullmatch(digits):
        return (
            "is not a number that anybody in the UK can ring: it begins with 01, 02, 03, 0800 or "
            "0808, and has 11 digits (10 for a few)"
        )
    return ""


# The areas whose numbers may have ten digits (Ofcom: those with five-digit local numbers).
_SHORT_AREA = re.compile(
    r"01(?:204|208|254|276|297|298|363|364|384|386|404|420|460|461|480|488|524|527|562|566"
    r"|606|629|635|647|659|695|726|744|750|768|827|837|884|900|905|935|946|949|963|995)"
)
