"""Whom and where, as the API lists them: areas, what a search for a place gave, channels."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from triage.engine.catalogue import (
    Area,
    Catalogue,
    Channel,
    ChannelKind,
    Fact,
    Nation,
    dial,
)
from triage.engine.local_service import LocalKind, LocalService, LocalUse
from triage.web.api.schemas.shared import CandidateOut, Out, TextOut
from triage.web.wording.opening_hours import week


class ServiceOut(Out):
    slug: str
    name: TextOut
    site: str | None

    @classmethod
    def of(cls, service: LocalService) -> ServiceOut:
        site = service.way(LocalUse.SITE)
        url = site.url if site else None
        return cls(slug=service.slug, name=TextOut.of(service.name), site=url)


class CouncilOut(Out):
    code: str
    name: TextOut


class AreaOut(Out):
    slug: str
    name: TextOut
    nation: Nation
    region: str
    police: ServiceOut
    fire: ServiceOut
    ambulance: ServiceOut
    councils: list[CouncilOut]
    postcode_letters: list[str]

    @classmethod
    def of(cls, catalogue: Catalogue, place: Area) -> AreaOut:
        local = catalogue.local
        return cls(
            slug=place.slug,
            name=TextOut.of(place.name),
            nation=place.nation,
            region=place.region,
            police=ServiceOut.of(local[(LocalKind.POLICE, place.police)]),
            fire=ServiceOut.of(local[(LocalKind.FIRE, place.fire)]),
            ambulance=ServiceOut.of(local[(LocalKind.AMBULANCE, place.ambulance)]),
            councils=[CouncilOut(code=c.code, name=TextOut.of(c.name)) for c in place.councils],
            postcode_letters=list(place.postcode_letters),
        )


class AreasOut(Out):
    areas: list[AreaOut]


class FoundOut(Out):
    """Every area the words may mean, likeliest first; or the name of a place outside them all.

    `guess` says that what was typed is no known name or postcode: none of them may be taken.
    """

    candidates: list[CandidateOut]
    outside: str | None
    guess: bool


class FactOut(Out):
    source: str
    url: str | None
    checked: str
    certainty: str

    @classmethod
    def of(cls, catalogue: Catalogue, fact: Fact) -> FactOut:
        source = catalogue.sources.get(fact.source)
        return cls(
            source=fact.source,
            url=(source.canonical or source.url) if source else None,
            checked=fact.checked.isoformat(),
            certainty=fact.certainty,
        )


class ChannelOut(Out):
    """One way to get help, or (kind `infrastructure`) one thing that can only fail."""

    id: str
    kind: ChannelKind
    label: TextOut
    what: TextOut
    how: list[TextOut]
    number: str | None
    href: str | None
    url: str | None
    nations: list[Nation]
    emergency: bool
    parents: list[str]
    hours: TextOut | None
    open_now: bool | None = Field(
        description="Whether somebody answers now. Null where that is not known: no hours are "
        "known, it is a bank holiday that they do not speak of, or the nations differ."
    )
    cost: TextOut | None
    facts: dict[str, FactOut]

    @classmethod
    def of(
        cls, catalogue: Catalogue, given: Channel, nation: Nation | None, at: datetime
    ) -> ChannelOut:
        """A channel as it is in ordinary times at a moment, in the words of a nation or the UK."""
        words = given.words(nation)
        number = catalogue.number(given.id)
        return cls(
            id=given.id,
            kind=given.kind,
            label=TextOut.of(words.label or given.label),
            what=TextOut.of(words.what or given.what),
            how=[TextOut.of(line) for line in words.how or ()],
            number=number,
            href=_href(given, number),
            url=words.url,
            nations=sorted(given.nations),
            emergency=given.emergency,
            parents=list(given.parents),
            hours=TextOut.maybe(week(given.hours) if given.hours else None),
            open_now=catalogue.timetable.open_now(
                given.id, given.nations if nation is None else [nation], at
            ),
            cost=TextOut.maybe(given.cost),
            facts={name: FactOut.of(catalogue, fact) for name, fact in given.facts.items()},
        )


class ChannelsOut(Out):
    channels: list[ChannelOut]


def _href(given: Channel, number: str | None) -> str | None:
    if number is None:
        return None
    return dial(number).replace("tel:", "sms:") if given.kind is ChannelKind.SMS else dial(number)
