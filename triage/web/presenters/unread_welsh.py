"""Whether a page of danger in Welsh still waits for a Welsh speaker, said quietly from data."""

from __future__ import annotations

from functools import lru_cache

from triage.engine.catalogue import Lang
from triage.engine.rulebook import Rulebook
from triage.rules import rulebook
from triage.seeds.fact_register import Weight, welsh_to_read
from triage.web.context.page_context import PageContext


def welsh_unread(here: PageContext) -> bool:
    """True on a Welsh page while any sentence that safety hangs on is not signed."""
    return here.lang is Lang.CY and _waits(rulebook().digest)


@lru_cache(maxsize=1)
def _waits(digest: str) -> bool:
    return _safety_waits(rulebook())


def _safety_waits(book: Rulebook) -> bool:
    return any(item.weight is Weight.SAFETY for item in welsh_to_read(book, {}))
