"""An outcome's page: what each place is told, and why. Advice -> view values, no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from triage.engine.advice import Advice, AdviceNotice, Entry
from triage.engine.catalogue import Nation
from triage.engine.rulebook import Option, Outcome, Question
from triage.engine.scope import lines_of
from triage.engine.situation import Code, Incident, PhoneLine
from triage.rules import rulebook
from triage.seeds.enum_words import of_line, of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.staleness import UNCHECKED
from triage.web.presenters.banner import fault, issuer, review
from triage.web.presenters.contact import Contact, avoided, said, way
from triage.web.presenters.sentences import plain, say, time

MAYBE = "changed-maybe"
# The need that an outcome brings in each nation.
Needs = Mapping[Nation, str]


@dataclass(frozen=True)
class NoticeLine:
    """Who changed this advice, since when, and when they look again."""

    incident: str
    fault: str
    who: str
    since: str
    review: str
    overdue: bool
    heading: str


@dataclass(frozen=True)
class OutcomePage:
    """What one place is told."""

    where: str
    first: Contact
    then: tuple[Contact, ...]
    # What to do, where the first way is a plain instruction and nothing to tap.
    how: tuple[str, ...]
    said: tuple[str, ...]
    avoid: tuple[str, ...]
    statements: tuple[NoticeLine, ...]
    urgency: str
    need: str
    area: str | None = None
    link: str = ""
    title: str = ""

    @property
    def urgency_key(self) -> str:
        return f"urgency-{self.urgency}"

    @property
    def changed(self) -> bool:
        return bool(self.statements)

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(w.channel for w in (self.first, *self.then))


@dataclass(frozen=True)
class OptionLink:
    """A closed question about the visitor that matters only while something is wrong."""

    key: Literal["network", "line"]
    options: tuple[tuple[str, str], ...]

    @property
    def label(self) -> WordKey:
        return "choice-network" if self.key == "network" else "choice-line"


def shown(here: PageContext, advice: Advice, where: str = "") -> OutcomePage:
    """One advice as the page shows it."""
    return OutcomePage(
        where=where,
        first=way(here, advice.first),
        then=tuple(_after(here, advice, entry) for entry in advice.then),
        how=tuple(_instruction(here, advice)),
        said=tuple(said(here, advice)),
        avoid=tuple(avoided(here, advice)),
        statements=tuple(_statements(here, advice)),
        urgency=str(advice.urgency),
        need=advice.need,
        area=advice.area,
    )


def _instruction(here: PageContext, advice: Advice) -> Iterator[str]:
    """The steps of the first way, where it has no number and no address to tap."""
    channel = rulebook().catalogue.channels[advice.first.channel]
    if channel.by_nature and not advice.first.href:
        nation = Nation(advice.nation) if advice.nation else None
        yield from (say(here, line) for line in channel.words(nation).how or ())


def _after(here: PageContext, advice: Advice, entry: Entry) -> Contact:
    """A way further down: what to try first stands above it, and only a line is waited on."""
    held = entry.channel in advice.says(Code.STAY_ON_LINE)
    return way(here, entry) if held else replace(way(here, entry), hint="")


def told(here: PageContext, needs: Needs) -> list[OutcomePage]:
    """What people with these needs are told: one, or each nation's and place's that differs."""
    if here.place is not None:
        advice = page_context.advice(here, needs[here.place.nation])
        return [shown(here, advice), *_differing(here, advice, needs)]
    return [*_nations(here, needs), *_elsewhere(here, needs)]


def asking(here: PageContext, view: OutcomePage, outcome: Outcome) -> OutcomePage:
    """What to ask for beside the button, in the outcome's own words where it has them: two
    services, where it is not clear whose water it is."""
    if outcome.ask is None or not view.first.ask:
        return view
    return replace(view, first=replace(view.first, ask=say(here, outcome.ask)))


def _nations(here: PageContext, needs: Needs) -> list[OutcomePage]:
    """The advice of each nation; nations told the same stand together."""
    groups: dict[tuple[object, ...], tuple[Advice, list[str]]] = {}
    for number, nation in enumerate(Nation):
        advice = page_context.advice(here, needs[nation])
        own = advice.nations[number] if advice.nations else advice
        links = tuple(entry.href for entry in own.entries)
        key = (own.need, own.sense, links)
        groups.setdefault(key, (own, []))[1].append(plain(here, of_nation(nation)))
    if len(groups) == 1:
        return [shown(here, advice) for advice, _ in groups.values()]
    return [shown(here, advice, ", ".join(names)) for advice, names in groups.values()]


def _elsewhere(here: PageContext, needs: Needs) -> Iterator[OutcomePage]:
    for need in dict.fromkeys(needs.values()):
        yield from _differing(here, page_context.advice(here, need), needs)


def _differing(here: PageContext, advice: Advice, needs: Needs) -> Iterator[OutcomePage]:
    """Places told something else, where people have this need."""
    catalogue = rulebook().catalogue
    for e in advice.elsewhere:
        places = [catalogue.place(a) for a in e.areas]
        places += [catalogue.place_of_council[c] for c in e.councils]
        own = [p for p in places if needs[p.nation] == advice.need]
        names = [
            (catalogue.council_names[p.council] if p.council else catalogue.areas[p.area].name)
            for p in own
        ]
        if own:
            where = ", ".join(n.lang(here.lang) for n in names)
            alone = own[0].area if len(own) == 1 else None
            there = replace(here.elsewhere(alone), query=here.query)
            one = shown(there, e.advice, where)
            link = there.to(here.path) if alone else ""
            yield replace(one, area=own[0].area if link else None, link=link)


def _statements(here: PageContext, advice: Advice) -> Iterator[NoticeLine]:
    known = {i.id: i for i in here.in_force}
    for t in advice.notices:
        if not t.incident.startswith(UNCHECKED) and t.incident in known:
            yield _statement(here, advice, t, known[t.incident])


def _statement(
    here: PageContext, advice: Advice, t: AdviceNotice, incident: Incident
) -> NoticeLine:
    # Where both mobiles and landlines are dead it is about everybody: nothing is left to ask.
    limited = bool(advice.says(Code.WHICH_NETWORK)) and _limited(here, incident)
    return NoticeLine(
        incident=t.incident,
        fault=fault(here, incident),
        who=issuer(here, incident),
        since=time(here, t.published_at),
        review=review(here, incident),
        overdue=t.overdue,
        heading=MAYBE if limited else "changed-heading",
    )


def _limited(here: PageContext, incident: Incident) -> bool:
    """Whether it is about some phones, and not known to be about this visitor's."""
    networks = bool(incident.scope.networks) and here.visitor.network is None
    lines = bool(lines_of(incident, rulebook().catalogue)) and here.visitor.line is None
    return networks or lines


def because(question: Question, option: Option) -> tuple[tuple[Question, Option], ...]:
    """The answers that led to an outcome: questions form a tree, so they are known."""
    return (*rulebook().trail(question.id), (question, option))


def choices(here: PageContext, views: list[OutcomePage]) -> list[OptionLink]:
    """What to ask of the visitor now: their network or line, while a fault is limited to some."""
    named = {s.incident for view in views for s in view.statements if s.heading == MAYBE}
    limited = [i for i in here.in_force if i.id in named]
    asked = []
    if here.visitor.network is None and any(i.scope.networks for i in limited):
        brands = rulebook().catalogue.brands.values()
        asked.append(OptionLink("network", tuple((b.slug, b.name) for b in brands)))
    if here.visitor.line is None and any(lines_of(i, rulebook().catalogue) for i in limited):
        asked.append(OptionLink("line", tuple((x, plain(here, of_line(x))) for x in PhoneLine)))
    return asked


def councils(here: PageContext) -> tuple[tuple[str, str], ...]:
    """The councils of this area, while something in force touches only some of them."""
    if here.area is None or here.place is None or here.place.council:
        return ()
    own = {c.code: c.name.lang(here.lang) for c in here.area.councils}
    touched = {str(f.value) for i in here.touching for f in i.scope.footprints}
    return tuple(own.items()) if touched & set(own) and len(own) > 1 else ()
