"""A visitor's request -> a Situation: the bulletin in memory, the place, the moment.

No query, no clock but the reading's own moment, no answer kept. What is carried in an address is a
closed value; anything else is refused with words, never with a 500.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest

from outage import bulletin
from outage.bulletin import Bulletin
from triage.engine.advice import Advice
from triage.engine.catalogue import Area, Lang, Nation, Place
from triage.engine.lazy import lazy
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Incident, PhoneLine, Situation, Visitor
from triage.engine.unknown_place import advise, advise_nation
from triage.rules import finder, rulebook
from triage.web.context.snapshot import Period, period
from triage.web.context.staleness import Staleness, cautious, staleness

V = TypeVar("V")
YES_NO = {"yes": True, "no": False}
# What an address may carry after its question mark (advice.md, "Network and line").
QUERY = ("council", "network", "line", "mobile", "sms")
_PREFIX = re.compile(r"^/(?:cy/)?(?:in/[^/]+/(?:c/[^/]+/)?)?")


class WrongAddressError(Exception):
    """The address is wrong: a status, and the key of the words that say so."""

    def __init__(self, status: int, words: str) -> None:
        self.status = status
        self.words = words
        super().__init__(words)


class AddressMovedError(Exception):
    """The page stands at another address."""

    def __init__(self, to: str) -> None:
        self.to = to
        super().__init__(to)


class AmbiguousAddressError(Exception):
    """The address names a place that several areas share."""

    def __init__(self, areas: tuple[Area, ...], path: str) -> None:
        self.areas = areas
        self.path = path
        super().__init__(path)


@dataclass(frozen=True)
class PageContext:
    """Where a visitor stands: language, area, what they have told of themselves, the moment."""

    lang: Lang
    area: Area | None
    place: Place | None
    visitor: Visitor
    path: str
    query: str
    at: datetime
    bulletin: Bulletin
    fresh: Staleness
    checked_at: datetime
    origin: str = ""
    # The council that the address names, as it names it.
    council: str = ""
    # Whether it is made to be kept on a phone for when there is no signal.
    kept: bool = False

    @lazy
    def period(self) -> Period:
        """What is in force at this moment, with what all pages share while it is."""
        return period(rulebook(), self.bulletin, self.at)

    @lazy
    def shared(self) -> dict[Any, Any]:
        """What the pages of this language, place and visitor have worked out: the next one that
        asks finds it here. Nothing in it may hang on the page's own address."""
        own = self.lang, self.place, self.council, self.visitor, self.query, self.fresh
        return self.period.shared(own)

    def once(self, key: object, work: Callable[[PageContext], V]) -> V:
        """What is the same for all pages that share, worked out by the first one that asks."""
        known = self.shared
        if key not in known:
            known[key] = work(self)
        found: V = known[key]
        return found

    @lazy
    def base(self) -> str:
        """How every address of this language, area and council begins."""
        return prefix(self.lang, self.slug, self.council)

    def to(self, path: str) -> str:
        """The address of a page in this language and place, with what the visitor has told."""
        return f"{self.base}{path}{self.query}"

    def beyond(self, area: str | None, path: str) -> str:
        """The address of a page of another area, or of none, with what the visitor has told."""
        return f"{prefix(self.lang, area)}{path}{self.query}"

    @property
    def area_name(self) -> str:
        return self.area.name.lang(self.lang) if self.area else ""

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """What the visitor has told of themselves, as it stands in the address."""
        return tuple(parse_qsl(self.query.removeprefix("?")))

    def telling(self, key: str, value: str) -> str:
        """This very page, told one thing more."""
        told = dict(self.given) | {key: value}
        return f"{self.base}{self.path}?{urlencode(told)}"

    @property
    def finder(self) -> str:
        """The path of the area finder that comes back to this page."""
        own = not self.path or self.path.startswith(("area/", "print/", "poster/", "feedback/"))
        return "area/" if own else f"area/for/{self.path}"

    @lazy
    def slug(self) -> str | None:
        return self.area.slug if self.area else None

    @lazy
    def in_force(self) -> tuple[Incident, ...]:
        return self.period.in_force

    @lazy
    def touching(self) -> tuple[Incident, ...]:
        """What is in force and touches this page's area; with no area, any."""
        return self.period.area(self.slug).touching

    @lazy
    def edition(self) -> str:
        return self.period.area(self.slug).edition

    def elsewhere(self, area: str | None) -> PageContext:
        """The same visitor looking at another area's pages."""
        found = rulebook().catalogue.areas[area] if area else None
        place = rulebook().catalogue.place(area) if area else None
        return replace(self, area=found, place=place, query="", council="")


def prefix(lang: Lang, area: str | None, council: str = "") -> str:
    """How every address of a language and area begins; of a council's, where its word is given."""
    own = f"c/{council}/" if council else ""
    return ("/cy/" if lang is Lang.CY else "/") + (f"in/{area}/{own}" if area else "")


def here(request: HttpRequest, lang: Lang, area: str | None, council: str = "") -> PageContext:
    """Where this request stands.

    Raises WrongAddressError, AddressMovedError or AmbiguousAddressError where the address is wrong.
    """
    path = _PREFIX.sub("", request.path)
    known = _area(lang, area, path)
    given = _closed(request)
    told = given.pop("council", council)
    query = f"?{urlencode(given)}" if given else ""
    place = _place(lang, known, told, path + query) if told else None
    if place and council != _word(place):
        raise AddressMovedError(place_address(lang, place, path + query))
    return replace(
        bare(lang, path),
        origin=request.build_absolute_uri("/").rstrip("/"),
        area=known,
        place=place or (rulebook().catalogue.place(known.slug) if known else None),
        visitor=_visitor(given),
        query=query,
        council=council,
    )


def bare(lang: Lang, path: str) -> PageContext:
    """A page of which only the language is known."""
    reading = bulletin.reading()
    return PageContext(
        lang=lang,
        area=None,
        place=None,
        visitor=Visitor(),
        path=path,
        query="",
        at=reading.moment,
        bulletin=reading.bulletin,
        fresh=staleness(reading),
        checked_at=reading.checked_at,
    )


def _area(lang: Lang, slug: str | None, path: str) -> Area | None:
    """The area of a slug. A force's or nation's own name leads to the area it means."""
    if slug is None:
        return None
    areas = rulebook().catalogue.areas
    if slug in areas:
        return areas[slug]
    if today := rulebook().catalogue.area_now(slug):
        raise AddressMovedError(prefix(lang, today) + path)
    candidates = [a for a in areas.values() if slug in (a.police, str(a.nation))]
    if not candidates:
        found = finder().find(slug.replace("-", " "))
        candidates = [areas[place.area] for place in found.places]
    if len(candidates) == 1:
        raise AddressMovedError(prefix(lang, candidates[0].slug) + path)
    if candidates:
        raise AmbiguousAddressError(tuple(candidates), path)
    raise WrongAddressError(404, "error-no-area")


def _closed(request: HttpRequest) -> dict[str, str]:
    """The query as closed values. A key nobody knows (a tracker's) leads to the clean address."""
    given = {key: request.GET[key] for key in QUERY if key in request.GET}
    if set(request.GET) - set(QUERY):
        raise AddressMovedError(request.path + (f"?{urlencode(given)}" if given else ""))
    brands = rulebook().catalogue.brands
    allowed = {
        "council": rulebook().catalogue.council_now,
        "network": brands,
        "line": set(PhoneLine),
        "mobile": YES_NO,
        "sms": YES_NO,
    }
    if any(value not in allowed[key] for key, value in given.items()):
        raise WrongAddressError(400, "error-query")
    return given


def _place(lang: Lang, area: Area | None, council: str, path: str) -> Place:
    """The place of a council that an address names, by its word or its code."""
    known = rulebook().catalogue
    code = known.council_words.get(council) or known.council_now.get(council)
    if code is None:
        raise WrongAddressError(404, "error-no-area")
    place = known.place_of_council[code]
    if area is None:
        raise AddressMovedError(place_address(lang, place, path))
    if place.area != area.slug:
        raise WrongAddressError(400, "error-query")
    return place


def place_address(lang: Lang, place: Place, path: str) -> str:
    """The address of a page at a place: its council goes along, it has pages of its own."""
    return prefix(lang, place.area, _word(place)) + path


def _word(place: Place) -> str:
    """What an address calls the council of a place; nothing where it is not known."""
    words = {c.code: c.word for c in rulebook().catalogue.areas[place.area].councils}
    return words[place.council] if place.council else ""


def _visitor(given: dict[str, str]) -> Visitor:
    line = given.get("line")
    return Visitor(
        network=given.get("network"),
        line=PhoneLine(line) if line else None,
        has_mobile=YES_NO.get(given.get("mobile", "")),
        registered_for_sms=YES_NO.get(given.get("sms", "")),
    )


def situation(
    need: str,
    place: Place | None,
    visitor: Visitor | None = None,
    at: datetime | None = None,
) -> Situation:
    """All that is known for a visitor now, or at a moment given."""
    reading = bulletin.reading()
    live = reading.bulletin.incidents
    return Situation(at or reading.moment, need, place, visitor or Visitor(), live)


def advice(here: PageContext, need: str) -> Advice:
    """What this visitor is told for a need; cautious where nobody could check for too long."""
    known, key = here.shared, ("advice", need)
    found: Advice | None = known.get(key)
    if found is None:
        found = known[key] = _advice(here, need)
    return found


def _advice(here: PageContext, need: str) -> Advice:
    asked = Situation(here.at, need, here.place, here.visitor, here.bulletin.incidents)
    if here.fresh is Staleness.CAUTIOUS:
        return advise(rulebook(), cautious(rulebook(), asked))
    return _ready(_Asked(here.edition, need, here.place, here.visitor, rulebook(), asked))


def advice_in(here: PageContext, need: str, nation: Nation) -> Advice:
    """What a nation is told, on a page of no area."""
    asked = Situation(here.at, need, None, here.visitor, here.bulletin.incidents)
    if here.fresh is Staleness.CAUTIOUS:
        return advise_nation(rulebook(), cautious(rulebook(), asked), nation)
    return _ready_in(_Asked(here.edition, need, None, here.visitor, rulebook(), asked), nation)


@dataclass(frozen=True)
class _Asked:
    """A question whose answer hangs on its edition, not on the moment: two are the same if
    everything but the situation is."""

    edition: str
    need: str
    place: Place | None
    visitor: Visitor
    book: Rulebook
    situation: Situation

    def __hash__(self) -> int:
        return hash((self.edition, self.need, self.place, self.visitor))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Asked):
            return NotImplemented
        own = (self.edition, self.need, self.place, self.visitor, self.book.digest)
        return own == (other.edition, other.need, other.place, other.visitor, other.book.digest)


@lru_cache(maxsize=4096)
def _ready(asked: _Asked) -> Advice:
    """An advice is worked out once an edition: every page of an area asks for the same few."""
    return advise(asked.book, asked.situation)


@lru_cache(maxsize=256)
def _ready_in(asked: _Asked, nation: Nation) -> Advice:
    return advise_nation(asked.book, asked.situation, nation)


def nation(here: PageContext) -> Nation | None:
    return here.place.nation if here.place else None
