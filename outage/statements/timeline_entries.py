"""What may be added to an incident's public timeline beside its statements, and how it is told.

Claims, questions asked and their answers, a regulator's steps, comments: no advice hangs on them.
Writing them is incidents.py's; a page shows them as stories of the bulletin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from outage.statements import timeline_text
from outage.statements.errors import RefusedError
from triage.engine.catalogue import Text

KINDS = ("claim", "assurance", "regulator", "comment")
LONGEST = 600
_URL = re.compile(r"https?://[^\s\"<>]{3,500}")
_EVENT = re.compile(r"[1-9][0-9]{0,11}")
_NAMED = {
    "en": "the English",
    "cy": "the Welsh",
    "source": "its source",
    "issuer": "who says so",
    "asked_of": "whom it was asked of",
}
# A figure or a step of the regulator is worth its source; a question, who put it to whom.
_NEEDED = {
    "claim": ("source",),
    "regulator": ("source",),
    "assurance": ("issuer", "asked_of"),
    "comment": ("issuer",),
}


def checked(kind: str, entry: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """An entry as it is kept. Raises RefusedError with everything that is missing or wrong."""
    if kind not in KINDS:
        raise RefusedError(f'"{kind[:40]}" is not one of {", ".join(KINDS)}.')
    needed = ("en", "cy", *(("issuer",) if entry.get("answers") else _NEEDED[kind]))
    missing = [_NAMED[name] for name in needed if not entry.get(name, "").strip()]
    if missing:
        raise RefusedError(f"Say this too: {', '.join(missing)}.")
    if long := [_NAMED.get(k, k) for k, v in entry.items() if len(v) > LONGEST]:
        raise RefusedError(f"At most {LONGEST} characters: {', '.join(long)}.")
    if (url := entry.get("source_url")) and not _URL.fullmatch(url):
        raise RefusedError(
            f'The address of the source begins with https://: "{url[:60]}" does not.'
        )
    answers = entry.get("answers", "")
    if answers and (kind != "assurance" or not _EVENT.fullmatch(answers)):
        raise RefusedError("An answer is an assurance too, and names the question that it answers.")
    if (said := entry.get("at")) and datetime.fromisoformat(said) > at:
        raise RefusedError("That time has not come yet.")
    return {**entry, "kind": kind}


def unanswered(told: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[int, str]:
    """The questions that nobody has answered, by the number of their event."""
    asked: dict[int, str] = {}
    for number, public in told:
        if public.get("answers"):
            asked.pop(int(public["answers"]), None)
        elif public.get("asked_of"):
            asked[number] = public["en"]
    return asked


def words(public: Mapping[str, Any], *, open_: bool) -> Text:
    """How an entry is told: a question with whom it was put to, and whether it was answered."""
    said = Text(public["en"], public["cy"])
    if public.get("answers"):
        return timeline_text.join([timeline_text.word("staff-answer"), said], " ")
    if not public.get("asked_of"):
        return said
    lead, of = timeline_text.word("staff-asked-of"), public["asked_of"]
    asked = Text(f"{lead.en} {of}: {said.en}", f"{lead.cy} {of}: {said.cy}")
    rest = timeline_text.word("staff-not-answered") if open_ else Text("", "")
    return timeline_text.join([asked, rest], " ")
