"""Triples and scopes, generated: the laws hold for whatever is stated, wherever, to whomever.

Bounded and the same in every run; what is exhaustive is test_proofs.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import CARRIER, NATIONAL, NOON, Cast, incident, issuer
from triage import rules
from triage.engine.advice_laws import LAWS
from triage.engine.advise import advise_here
from triage.engine.catalogue import Footprint, Place, Service
from triage.engine.law_case import LawCase, LawMoment
from triage.engine.need_context import VisitorContext
from triage.engine.scope import in_force
from triage.engine.situation import (
    Feature,
    Incident,
    IssuerKind,
    Mode,
    Notice,
    PhoneLine,
    PublishedNumber,
    Scope,
    Situation,
    State,
    Status,
    Uses,
    Visitor,
)
from triage.engine.unknown_place import advise

BOOK = rules.rulebook()
CAST = Cast(BOOK)
PLACES = (
    CAST.leeds,
    CAST.cardiff,
    CAST.glasgow,
    CAST.belfast,
    CAST.place("avon-and-somerset-avon"),
)
bounded = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
NEEDS = st.sampled_from(sorted(BOOK.needs))
STATED = (
    *("999", "101", "111", "police-online", "111-online", "999-bsl", "text-relay-999"),
    *("999-landline", "999-from-mobile", "silent-solution"),
)
LINES = ("relay-platform", "mobile-data", "mobile-voice", "landline", "voice-calls", "all-telecoms")
ALTERNATIVES = ("101", "111", "112", "999-other-phone", "police-online", "police-counter", "wait")
FOOTPRINTS = (
    "uk",
    "nation:england",
    "nation:wales",
    "nation:northern-ireland",
    "police:west-yorkshire",
    "police:south-wales",
    "fire:west-yorkshire",
    "ambulance:yorkshire",
    "council:E08000035",
)


def known(footprint: str) -> bool:
    kind, _, slug = footprint.partition(":")
    return kind not in set(Service) or (Service(kind), slug) in BOOK.catalogue.bodies


footprints = st.sampled_from([Footprint.parse(f) for f in FOOTPRINTS if known(f)])
issuers = st.sampled_from(
    [
        NATIONAL,
        CARRIER,
        issuer("A government", IssuerKind.GOVERNMENT),
        issuer("A force", of="police:west-yorkshire"),
    ]
)
visitors = st.builds(
    Visitor,
    uses=st.sampled_from([None, None, *Uses]),
    network=st.sampled_from([None, "ee", "bt-mobile", "o2"]),
    line=st.sampled_from([None, *PhoneLine]),
    has_mobile=st.sampled_from([None, True, False]),
    registered_for_sms=st.sampled_from([None, True, False]),
    afloat=st.sampled_from([None, True, False]),
    has_radio=st.sampled_from([None, True]),
)
scopes = st.builds(
    Scope,
    footprints=st.lists(footprints, min_size=1, max_size=2).map(tuple),
    services=st.lists(st.sampled_from(Service), max_size=2, unique=True).map(tuple),
    networks=st.sampled_from([(), (), ("ee",), ("bt-mobile",)]),
    lines=st.sampled_from([(), (), (PhoneLine.LANDLINE,), (PhoneLine.MOBILE,)]),
)
notices = st.builds(
    Notice,
    need=NEEDS,
    mode=st.sampled_from(Mode),
    to=st.lists(st.sampled_from((*ALTERNATIVES, "local-number")), max_size=3, unique=True).map(
        tuple
    ),
)
numbers = st.builds(
    PublishedNumber,
    number=st.sampled_from(["01632 960001", "01632 960002"]),
    footprint=footprints,
    verified_at=st.sampled_from([1, 89, 91]).map(lambda days: NOON - timedelta(days=days)),
)


@st.composite
def incidents(draw: st.DrawFn, most: int = 3) -> tuple[Incident, ...]:
    """Up to three statements, of any kind, in any scope, at any age."""
    found = []
    for n in range(draw(st.integers(1, most))):
        age = timedelta(minutes=draw(st.integers(0, 300)))
        found.append(
            incident(
                draw(st.sampled_from(STATED + LINES)),
                draw(st.sampled_from(State)),
                id=f"i{n}",
                scope=draw(scopes),
                issuer=draw(issuers),
                notices=tuple(draw(st.lists(notices, max_size=2))),
                numbers=tuple(draw(st.lists(numbers, max_size=1))),
                keep_free=draw(st.sampled_from([(), (), ("101",), ("111",)])),
                degraded_features=draw(st.sampled_from([(), (Feature.LOCATION,)])),
                published_at=NOON - age,
                review_at=NOON + timedelta(minutes=draw(st.sampled_from([-5, 30]))),
            )
        )
    return tuple(found)


def here(place: Place, visitor: Visitor, stated: tuple[Incident, ...]) -> VisitorContext:
    return VisitorContext.of(BOOK, Situation(NOON, "", place, visitor, stated), place)


@bounded
@given(NEEDS, st.sampled_from(PLACES), visitors, incidents())
def test_the_laws_hold_whatever_is_stated(
    need: str, place: Place, visitor: Visitor, stated: tuple[Incident, ...]
) -> None:
    known, advice = BOOK.needs[need], advise_here(here(place, visitor, stated), need)
    moment = LawMoment(BOOK, place, NOON, stated, visitor)
    told = LawCase(moment, known, visitor.uses or known.uses or Uses.VOICE, advice)
    assert not [(law.__name__, what) for law in LAWS for what in law(told)]


@bounded
@given(NEEDS, st.sampled_from(PLACES), visitors, incidents(), st.randoms(use_true_random=False))
def test_the_order_of_incidents_does_not_matter(
    need: str, place: Place, visitor: Visitor, stated: tuple[Incident, ...], random: Any
) -> None:
    shuffled = list(stated)
    random.shuffle(shuffled)
    usual = advise_here(here(place, visitor, stated), need)
    assert advise_here(here(place, visitor, tuple(shuffled)), need) == usual
    assert advise_here(here(place, visitor, stated + stated), need) == usual


@bounded
@given(NEEDS, st.sampled_from(PLACES), visitors, incidents(2), incidents(1))
def test_what_does_not_count_changes_nothing(
    need: str,
    place: Place,
    visitor: Visitor,
    stated: tuple[Incident, ...],
    more: tuple[Incident, ...],
) -> None:
    usual = advise_here(here(place, visitor, stated), need)
    for status in (Status.DRAFT, Status.EXERCISE, Status.ENDED):
        silent = tuple(replace(i, id="silent", status=status) for i in more)
        assert advise_here(here(place, visitor, stated + silent), need) == usual


@bounded
@given(NEEDS, visitors, incidents(2))
def test_without_a_place_there_is_an_answer_for_every_nation(
    need: str, visitor: Visitor, stated: tuple[Incident, ...]
) -> None:
    told = advise(BOOK, Situation(NOON, need, None, visitor, stated))
    assert told.entries
    assert len(told.nations) in (0, 4)
    assert told.area is None


@bounded
@given(incidents())
def test_merging_is_associative(stated: tuple[Incident, ...]) -> None:
    first, rest = stated[:1], stated[1:]
    assert in_force(in_force(first, NOON) + rest, NOON) == in_force(stated, NOON)
