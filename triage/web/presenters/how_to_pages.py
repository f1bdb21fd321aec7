"""Which how-to pages there are, and what each is made of. Their words stand in seeds/words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class HowToPage:
    """What a how-to page is made of: needs shown live, an outcome's words, channels' steps.

    `whoever`: it is about any emergency, so that the panel of all services is its answer; with
    one service's advice, somebody hurt would be told to ask for the police.
    """

    key: str
    needs: tuple[str, ...] = ()
    outcome: str | None = None
    channels: tuple[str, ...] = ()
    whoever: bool = False


PAGES = {
    "silent": HowToPage(
        "silent", ("cannot-speak",), None, ("silent-solution", "999-landline", "emergency-sms")
    ),
    "accident": HowToPage("accident", (), "called-by-accident"),
    "when": HowToPage("when", (), "when-999", whoever=True),
    "signal": HowToPage("signal", (), "no-signal", ("999-other-phone",), whoever=True),
    "failed": HowToPage(
        "failed",
        (),
        None,
        ("999-other-phone", "999-landline", "text-relay-999", "emergency-sms", "999-bsl"),
        whoever=True,
    ),
    "unanswered": HowToPage(
        "unanswered",
        ("police-nonemergency",),
        None,
        ("police-online", "police-chat"),
        whoever=True,
    ),
    "power": HowToPage(
        "power", (), "digital-landline-power-cut", ("999-from-mobile", "999-landline")
    ),
}
# The page about each line that people say has failed.
FAILED: Mapping[str, str] = {"999": "failed", "101": "unanswered"}
LANGUAGES = HowToPage("languages", outcome="little-english", whoever=True)
# The outcomes of such pages: their own pages in the tree answer in the same way.
OF_WHOEVER = frozenset(p.outcome for p in (*PAGES.values(), LANGUAGES) if p.whoever)

# How each way by sign and by text works; and the ways when it is no emergency.
DEAF = HowToPage(
    "deaf", outcome="deaf-emergency", channels=("999-bsl", "text-relay-999", "emergency-sms")
)
DEAF_EVERYDAY = ("101-bsl", "101-text-relay", "111-bsl", "111-text-relay")
