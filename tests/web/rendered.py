"""A public page as a reader sees it, and the laws that hold for every one (advice.md, "Rendered
pages obey laws too"). The laws read the page's own text and the advice; they know no presenter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.web.kinds import Reader
from triage.engine.advice import Advice
from triage.engine.catalogue import Lang
from triage.engine.rulebook import Outcome, Rulebook

DOOR = "999"
_ANSWER = re.compile(
    r'<section class="do[ "].*?</section>|<section class="panel[ "].*?</section>', re.S
)
_BUTTON = re.compile(r'<a class="call[^"]*" href="([^"]+)"')
_LINK = re.compile(r'href="(?:tel|sms):([+\\d]+)"')
_BESIDE = re.compile(
    r'<details class="s(?:ources|hare)">.*?</details>|<div class="forms">.*?</div>', re.S
)


@dataclass(frozen=True)
class RenderedPage:
    """The main part of a page."""

    html: str

    @classmethod
    def of(cls, whole: str) -> RenderedPage:
        return cls(whole.split("<main", 1)[1].split("</main>")[0])

    @property
    def answers(self) -> list[str]:
        return _ANSWER.findall(self.html)

    @property
    def buttons(self) -> list[str]:
        return [b for answer in self.answers for b in _BUTTON.findall(answer)]

    @property
    def links(self) -> set[str]:
        return set(_LINK.findall(self.html))

    @property
    def lead(self) -> str:
        found = re.search(r'<p class="lead">(.*?)</p>', self.html, re.S)
        return Reader.of(found[1]).text if found else ""

    @property
    def avoided(self) -> str:
        parts = re.findall(r'<ul class="avoid">(.*?)</ul>', self.html, re.S)
        return " ".join(Reader.of(part).text for part in parts)

    @property
    def besides(self) -> str:
        """What stands there beside the answer, its forms and the message made of it, in words;
        the addresses of sources are no words."""
        return Reader.of(_BESIDE.sub("", _ANSWER.sub("", self.html))).text

    @property
    def share(self) -> str:
        found = re.search(r'id="share-text"[^>]*>(.*?)</p>', self.html, re.S)
        return Reader.of(found[1]).text if found else ""


def spoken(number: str | None) -> str:
    return (number or "").replace(" ", "\N{NO-BREAK SPACE}")


def named(text: str, number: str) -> bool:
    """Whether a text names a number whole."""
    return bool(
        re.search(
            rf"(?<![\d\N{{NO-BREAK SPACE}}]){re.escape(number)}(?![\d\N{{NO-BREAK SPACE}}])", text
        )
    )


def broken(
    page: RenderedPage, advice: Advice, kept: frozenset[str], book: Rulebook, lang: Lang
) -> Iterator[str]:
    """The laws that a page with one advice breaks."""
    first = advice.first
    if first.href and first.href not in page.buttons[:1]:
        yield f"the first button is {page.buttons[:1]} and not {first.href}"
    if not first.href and first.number and page.buttons:
        yield f"{first.channel} has no link, and the page has {page.buttons}"
    yield from _lead(page, advice, book, lang)
    yield from _kept(page, advice, kept, book, lang)
    yield from _avoided(page, advice, book)
    digits = spoken(first.number)
    if page.share and digits and not named(page.share, digits):
        yield f"the text to share names no {digits}"


def _lead(page: RenderedPage, advice: Advice, book: Rulebook, lang: Lang) -> Iterator[str]:
    """A lead names nothing first that the advice does not put first."""
    lead = _plain(page.lead, advice, lang)
    shown = {spoken(e.number) for e in advice.entries if e.number}
    for gone in advice.avoid:
        number = spoken(book.catalogue.number(gone.channel))
        if number and number not in shown and named(lead, number):
            yield f"the lead names {number}, which is under not now"
    other = advice.urgency == "emergency" and DOOR not in (advice.first.number, advice.first.dials)
    if other and named(lead, DOOR):
        yield f"the lead names {DOOR}, and the advice begins with {advice.first.channel}"


def _plain(text: str, advice: Advice, lang: Lang) -> str:
    """A text without the numbers that say beside themselves that they may not be called now, and
    without the names of the sites and places advised: "NHS 111 online" is no call to 111."""
    for entry in advice.entries:
        if not entry.number:
            text = text.replace(entry.label.lang(lang), "")
    return re.sub(r"[\d\N{NO-BREAK SPACE}]+ \([^)]*\)", "", text)


def _kept(
    page: RenderedPage, advice: Advice, kept: frozenset[str], book: Rulebook, lang: Lang
) -> Iterator[str]:
    """Nothing offers a line that is kept free, and whatever names it says so."""
    own = {n for e in advice.entries for n in (e.number, *(f.number for f in e.forms))}
    for number in {book.catalogue.number(channel) for channel in kept} - own - {None}:
        if number and number.replace(" ", "") in page.links:
            yield f"{number} is kept free, and there is a link to it"
        if number and named(_plain(page.besides, advice, lang), spoken(number)):
            yield f"{number} is kept free, and is named without saying so"


def _avoided(page: RenderedPage, advice: Advice, book: Rulebook) -> Iterator[str]:
    shown = {e.number for e in advice.entries}
    for gone in advice.avoid:
        number = book.catalogue.number(gone.channel)
        if number and number not in shown and number.replace(" ", "") in page.links:
            yield f"{number} is under not now, and there is a link to it"


def addresses(outcomes: dict[str, Outcome]) -> dict[str, Outcome]:
    return {o.address: o for o in outcomes.values()}
