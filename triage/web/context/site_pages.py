"""The pages of this site that words may lead to, beside outcomes and questions.

Their sentences stand in seeds/says/site.txt, under the ids that begin with "@".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from triage.engine.catalogue import Lang
from triage.rules import rulebook, words
from triage.seeds.word_keys import WordKey


@dataclass(frozen=True, slots=True)
class SitePage:
    """Where a page is, and its name: a key of the words, or the channel that it is about."""

    path: str
    key: WordKey | None = None
    channel: str | None = None

    def title(self, lang: Lang) -> str:
        catalogue = rulebook().catalogue
        if self.channel:
            return catalogue.fill(catalogue.channels[self.channel].label).lang(lang)
        return catalogue.fill(words()[self.key]).lang(lang) if self.key else ""


def _channel(channel: str) -> SitePage:
    return SitePage(f"numbers/{channel}/", channel=channel)


SITE_PAGES: Mapping[str, SitePage] = {
    "@failed": SitePage("failed/", "failed-title"),
    "@where": SitePage("where/", "where-title"),
    "@languages": SitePage("languages/", "languages-title"),
    "@signal": SitePage("signal/", "signal-title"),
    "@status": SitePage("status/", "status-title"),
    "@999": _channel("999"),
    "@101": _channel("101"),
    "@111": _channel("111"),
    "@chat": _channel("police-chat"),
}
