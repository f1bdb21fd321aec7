"""The laws, over a whole rulebook: the tree, every single incident, parity, silence.

Findings are values; that there is none is the proof. Run when the server starts (checks.py) and in
the tests, which also run the pairs (proof_pairs.py). What is looked at is proof_classes.py, the
laws are advice_laws.py and tree_laws.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from triage.engine.advice_laws import LAWS, parity
from triage.engine.advise import advise_here
from triage.engine.catalogue import Footprint, FootprintKind, Nation, Place, Service
from triage.engine.law_case import LawCase, LawMoment
from triage.engine.need_context import VisitorContext
from triage.engine.proof_classes import AT, Classes, NeedClass, Statements
from triage.engine.rulebook import Need, Rulebook
from triage.engine.situation import (
    Incident,
    IssuerKind,
    Scope,
    Situation,
    State,
    Status,
    Uses,
    Visitor,
)
from triage.engine.tree_laws import TREE_LAWS

Stated = tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A law that does not hold: which, in which situation, and what happened."""

    law: str
    situation: str
    what: str

    def __str__(self) -> str:
        return f"{self.law}: {self.situation}: {self.what}"


@dataclass(frozen=True)
class Proof:
    """What a proof looked at, and what it found. Nothing found is the proof."""

    situations: int = 0
    findings: tuple[Finding, ...] = ()
    # How many more differ from these only in the name of the place, the need or the channel.
    alike: int = 0

    def __add__(self, other: Proof) -> Proof:
        return Proof(
            self.situations + other.situations,
            self.findings + other.findings,
            self.alike + other.alike,
        )


def prove_tree(rulebook: Rulebook) -> Proof:
    """The laws of the question tree."""
    found = [
        Finding(law.__name__, place, what) for law in TREE_LAWS for place, what in law(rulebook)
    ]
    return Proof(len(rulebook.questions) + len(rulebook.outcomes), tuple(found))


def prove_singles(
    rulebook: Rulebook,
    visitor: Visitor | None = None,
    *,
    every_mode: bool = True,
    channels: Iterable[str] | None = None,
) -> Proof:
    """The laws of advice with nothing stated, and with every single incident of a service.

    Every state of every channel that a need hangs on, as its preset treats it and in every mode
    of a notice; every state of what people may be sent to instead. Without `every_mode`, the
    states as presets treat them, and diversions where nothing connects or little does; of what
    people may be sent to, that it is down: a few seconds, which a server has before it starts.
    `channels` narrows it to faults of these.
    """
    proof = Proof()
    wanted = None if channels is None else set(channels)
    for place, classes in by_place(rulebook):
        known = Statements(rulebook, place, classes)
        if wanted is None:
            proof += prove_stated(rulebook, classes, (), visitor)
        for channel in at_stake(classes):
            if wanted is not None and channel not in wanted:
                continue
            core = [c for c in classes if channel in c.core]
            rest = [c for c in classes if channel in c.rest]
            said = known.by_service if every_mode else known.plainly
            for incident in said(channel, later=False):
                proof += prove_stated(rulebook, core, (incident,), visitor)
            brief = known.in_brief if every_mode else known.down
            for incident in brief(channel, later=False) if rest else ():
                proof += prove_stated(rulebook, rest, (incident,), visitor)
    return proof


def prove_issuers(rulebook: Rulebook, visitor: Visitor | None = None) -> Proof:
    """The same for what carriers and governments state, and for what nobody has reviewed."""
    proof = Proof()
    for place, classes in by_place(rulebook):
        known = Statements(rulebook, place, classes)
        for channel in at_stake(classes):
            core = [c for c in classes if channel in c.core]
            for incident in known.by_others(channel, later=False):
                if _has_right(incident, rulebook):
                    proof += prove_stated(rulebook, core, (incident,), visitor)
    return proof


def _has_right(incident: Incident, rulebook: Rulebook) -> bool:
    """A carrier's word on what it does not carry has no effect (prove_silence)."""
    carried = rulebook.catalogue.channels[incident.channel].carried
    return carried or incident.issuer.kind is not IssuerKind.CARRIER


def prove_parity(rulebook: Rulebook, *, areas: bool = False) -> Proof:
    """Rule 6: every fault of what carries emergencies, by each service alone, by all and by a
    carrier, against every emergency as people ask it who type, sign or are silent. With `areas`,
    in every area; otherwise in one of each nation."""
    proof, catalogue = Proof(), rulebook.catalogue
    known = Classes(rulebook)
    places = [known.place(nation) for nation in Nation]
    if areas:
        places = [catalogue.place(slug) for slug in catalogue.areas]
    needs = [n for n in map(rulebook.needs.get, rulebook.emergencies) if n and not n.stands_for]
    for place in places:
        statements = Statements(rulebook, place, ())
        for channel in sorted({c for n in needs for c in rulebook.touched_by(n.id, place.nation)}):
            for incident in statements.at_worst(channel, later=False):
                for stated in _by_each_service(incident, place):
                    proof += _parity(rulebook, place, needs, stated)
    return proof


def _by_each_service(incident: Incident, place: Place) -> Iterator[Incident]:
    """As all services say it, and as the force of this place says it alone."""
    yield incident
    if incident.issuer.kind is not IssuerKind.ANSWERING_SERVICE:
        return
    for kind, slug in (
        (FootprintKind.POLICE, place.police),
        (FootprintKind.FIRE, place.fire),
        (FootprintKind.AMBULANCE, place.ambulance),
    ):
        own = Footprint(kind, slug)
        issuer = replace(incident.issuer, footprint=own, services=(Service(str(kind)),))
        yield replace(incident, id=f"{incident.id} {kind}", issuer=issuer, scope=Scope((own,)))


def _parity(rulebook: Rulebook, place: Place, needs: Iterable[Need], stated: Incident) -> Proof:
    count, found = 0, list[Finding]()
    heard = {n.id: _told(rulebook, place, (stated,), n, Visitor()) for n in needs}
    for uses in (Uses.TEXT, Uses.SIGN, Uses.SILENT):
        visitor = Visitor(uses=uses)
        context = here(rulebook, place, (stated,), visitor)
        moment = LawMoment(rulebook, place, AT, (stated,), visitor)
        for need in needs:
            told = LawCase(moment, need, uses, advise_here(context, need.id))
            count += 1
            where = f"{describe(told)}, {uses}"
            for what in parity(heard[need.id], told):
                found.append(Finding("parity", where, what))
    return Proof(count, tuple(found))


def _told(
    rulebook: Rulebook, place: Place, stated: Stated, need: Need, visitor: Visitor
) -> LawCase:
    moment = LawMoment(rulebook, place, AT, stated, visitor)
    advice = advise_here(here(rulebook, place, stated, visitor), need.id)
    return LawCase(moment, need, visitor.uses or need.uses or Uses.VOICE, advice)


def prove_silence(rulebook: Rulebook) -> Proof:
    """What does not count changes nothing, and a stand-down leaves nothing behind."""
    proof = Proof()
    for place, classes in by_place(rulebook):
        known = Statements(rulebook, place, classes)
        for channel in at_stake(classes):
            met = [c for c in classes if channel in c.stake]
            incident = next(iter(known.at_worst(channel, later=False)))
            proof += _prove_silence(rulebook, met, incident)
    return proof


def at_stake(classes: Iterable[NeedClass]) -> list[str]:
    return sorted({c for made in classes for c in made.stake})


def by_place(rulebook: Rulebook) -> Iterator[tuple[Place, tuple[NeedClass, ...]]]:
    """Each class of place with the classes of need that it stands for."""
    known = Classes(rulebook)
    for nation in Nation:
        place = known.place(nation)
        yield place, tuple(c for c in known.all if c.place == place)


def prove_stated(
    rulebook: Rulebook, classes: Iterable[NeedClass], stated: Stated, visitor: Visitor | None
) -> Proof:
    """Every law, for each of the needs, where this and no more is stated."""
    found: list[Finding] = []
    classes = tuple(classes)
    if not classes:
        return Proof()
    visitor = visitor or Visitor()
    place = classes[0].place
    now = here(rulebook, place, stated, visitor)
    moment = LawMoment(rulebook, place, AT, stated, visitor)
    for made in classes:
        uses = visitor.uses or made.need.uses or Uses.VOICE
        told = LawCase(moment, made.need, uses, advise_here(now, made.need.id))
        for law in LAWS:
            found += [Finding(law.__name__, describe(told), what) for what in law(told)]
    return Proof(len(classes), tuple(found), sum(len(made.others) for made in classes))


def here(
    rulebook: Rulebook, place: Place, stated: Stated, visitor: Visitor | None = None
) -> VisitorContext:
    situation = Situation(AT, "", place, visitor or Visitor(), stated)
    made = VisitorContext.of(rulebook, situation, place)
    # No law looks at the edition, and many thousands of them take a while to hash.
    vars(made)["edition"] = ""
    return made


def describe(told: LawCase) -> str:
    stated = ", ".join(i.id for i in told.moment.stated) or "nothing"
    return f"{told.need.id} in {told.moment.place.area} with {stated}"


def _prove_silence(rulebook: Rulebook, classes: list[NeedClass], incident: Incident) -> Proof:
    """What does not count changes nothing, and what is stood down leaves nothing behind."""
    place = classes[0].place
    needs = [made.need.id for made in classes]
    ordinary = [_silently(advise_here(here(rulebook, place, ()), need)) for need in needs]
    count, found = 0, []
    for why, stated in _silent(rulebook, place, incident):
        now = here(rulebook, place, stated)
        for need, before in zip(needs, ordinary, strict=True):
            count += 1
            if _silently(advise_here(now, need)) != before:
                where = f"{need} in {place.area} with {incident.id}, {why}"
                found.append(Finding("silence", where, "the advice is not the ordinary one"))
    return Proof(count, tuple(found))


def _silently(advice: object) -> object:
    """All of an advice but its reasons: that somebody had no right to speak is traced."""
    return replace(advice, because=())  # type: ignore[type-var]


def _silent(rulebook: Rulebook, place: Place, i: Incident) -> Iterator[tuple[str, Stated]]:
    """The same incident in every way in which it says nothing here."""
    for status in (Status.DRAFT, Status.EXERCISE, Status.ENDED):
        yield status, (replace(i, status=status),)
    yield "unentitled", (replace(i, issuer=replace(i.issuer, entitled=False)),)
    yield "not started", (replace(i, starts_at=AT + timedelta(minutes=1)),)
    yield "at its end", (replace(i, ends_at=AT),)
    yield "not published", (replace(i, published_at=AT + timedelta(minutes=1)),)
    yield "stood down", (replace(i, state=State.RESOLVED),)
    after = replace(i, id="after", state=State.RESOLVED, supersedes=i.id, notices=())
    yield "superseded", (i, after)
    for footprint in _elsewhere(rulebook, place):
        yield f"in {footprint}", (replace(i, scope=replace(i.scope, footprints=(footprint,))),)
        issuer = replace(i.issuer, footprint=footprint)
        yield f"beyond its own {footprint}", (replace(i, issuer=issuer),)


def _elsewhere(rulebook: Rulebook, place: Place) -> Iterator[Footprint]:
    """A footprint of every kind that this place lies outside."""
    areas = rulebook.catalogue.areas.values()
    kinds = {
        FootprintKind.NATION: [str(a.nation) for a in areas],
        FootprintKind.POLICE: [a.police for a in areas],
        FootprintKind.FIRE: [a.fire for a in areas],
        FootprintKind.AMBULANCE: [a.ambulance for a in areas],
        FootprintKind.COUNCIL: [c.code for a in areas if a.slug != place.area for c in a.councils],
    }
    for kind, values in kinds.items():
        yield Footprint(kind, next(v for v in values if v != place.territory(kind)))
