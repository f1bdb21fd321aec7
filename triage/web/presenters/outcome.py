"""An outcome's page: what each place is told, and why. Advice -> view values, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal

from triage.engine.advice import Advice, AdviceNotice, Entry
from triage.engine.catalogue import ChannelKind, ChannelRole, Nation
from triage.engine.channel import Feature
from triage.engine.lazy import lazy
from triage.engine.local_service import LocalKind
from triage.engine.rulebook import Option, Outcome, Question, Urgency
from triage.engine.scope import lines_of
from triage.engine.situation import Code, Incident, Mode, PhoneLine
from triage.rules import rulebook
from triage.seeds.enum_words import of_line, of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.staleness import UNCHECKED
from triage.web.presenters.contact import Contact, avoided, said, way
from triage.web.presenters.faults import (
    FaultKind,
    capital,
    fault,
    is_limited,
    kind,
    own_words,
    review,
    said_by,
)
from triage.web.presenters.faults import told as told_of
from triage.web.presenters.sentences import plain, say
from triage.web.presenters.taps import TapButton, tap_buttons

# The need that an outcome brings in each nation.
Needs = Mapping[Nation, str]


@dataclass(frozen=True)
class NoticeLine:
    """Who changed this advice, since when, and when they look again. `words` are the issuer's own,
    marked as theirs."""

    incident: str
    kind: FaultKind
    fault: str
    who: str
    review: str
    overdue: bool
    maybe: bool
    words: str


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
    # On the calmest day too an emergency's list goes on: for when nothing connects at all.
    beyond: bool
    title: str = ""

    @property
    def urgency_key(self) -> str:
        return f"urgency-{self.urgency}"

    @property
    def statement(self) -> NoticeLine | None:
        """The gravest fault that changed this."""
        return self.statements[0] if self.statements else None

    @property
    def more(self) -> int:
        return max(0, len(self.statements) - 1)

    @property
    def is_named(self) -> bool:
        """Whether its first way needs a name beside its digits: everybody knows 999."""
        return self.first.channel != rulebook().catalogue.playing(ChannelRole.FRONT_DOOR)

    @lazy
    def emergency(self) -> bool:
        return self.urgency == "emergency"

    @lazy
    def channels(self) -> tuple[str, ...]:
        return tuple(w.channel for w in (self.first, *self.then))

    @property
    def taps(self) -> tuple[TapButton, ...]:
        """What may be said not to connect: the way that stands first."""
        return tap_buttons((self.first,))


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
    first = way(here, advice.first)
    # What the first way says of itself is not said again beside it.
    held = advice.first.mode is Mode.HOLD
    waited_on = advice.says(Code.STAY_ON_LINE)
    return OutcomePage(
        where=where,
        first=first,
        then=tuple(_after(way(here, e), waited_on, _step(here, advice, e)) for e in advice.then),
        how=tuple(_instruction(here, advice)),
        said=tuple(said(here, _without_hold(advice) if held else advice)),
        avoid=tuple(avoided(here, advice)),
        statements=tuple(_statements(here, advice)) if advice.notices else (),
        urgency=str(advice.urgency),
        need=advice.need,
        beyond=any(entry.beyond for entry in advice.then),
    )


def _instruction(here: PageContext, advice: Advice) -> Iterator[str]:
    """The steps of the first way, where it has no number and no address to tap."""
    channel = rulebook().catalogue.channels[advice.first.channel]
    if channel.by_nature and not advice.first.href:
        nation = Nation(advice.nation) if advice.nation else None
        yield from (say(here, line) for line in channel.words(nation).how or ())


def _without_hold(advice: Advice) -> Advice:
    first = advice.first.channel
    kept = (s for s in advice.say if s.code is not Code.STAY_ON_LINE or s.channel != first)
    return replace(advice, say=tuple(kept))


def _after(further: Contact, waited_on: tuple[str | None, ...], step: str) -> Contact:
    """A way further down: what to try first stands above it, and only a line is waited on."""
    if further.channel in waited_on:
        return further
    return further if further.hint == step else replace(further, hint=step)


def _step(here: PageContext, advice: Advice, entry: Entry) -> str:
    """The first step of a way with nothing to tap, so that its card leads somewhere: whom to ask
    for the way, where its number stands. What to do in danger its name says already."""
    if entry.href or entry.number or advice.urgency is Urgency.EMERGENCY:
        return ""
    channel = rulebook().catalogue.channels[entry.channel]
    nation = Nation(advice.nation) if advice.nation else None
    how = channel.words(nation).how if channel.by_nature and channel.role is None else None
    return say(here, how[0]) if how else ""


def told(here: PageContext, needs: Needs) -> list[OutcomePage]:
    """What people with these needs are told: one; or each nation's, where nations differ.

    Of a place that is told something else, a page of no area has its line (faults.py).
    """
    own = (needs[here.place.nation],) if here.place else tuple(needs.values())
    # Many outcomes are one need.
    return here.once(("told", own), lambda page: _told(page, needs))


def _told(here: PageContext, needs: Needs) -> list[OutcomePage]:
    if here.place is not None:
        return [shown(here, page_context.advice(here, needs[here.place.nation]))]
    groups: dict[tuple[object, ...], tuple[Advice, list[str]]] = {}
    for number, nation in enumerate(Nation):
        advice = page_context.advice(here, needs[nation])
        own = advice.nations[number] if advice.nations else advice
        links = tuple(entry.href for entry in own.entries)
        key = (own.need, own.sense, links)
        groups.setdefault(key, (own, []))[1].append(plain(here, of_nation(nation)))
    if len(groups) == 1:
        only = shown(here, next(iter(groups.values()))[0])
        return [_with_nations(here, only, needs) if only.emergency else only]
    return [shown(here, advice, ", ".join(names)) for advice, names in groups.values()]


def _with_nations(here: PageContext, page: OutcomePage, needs: Needs) -> OutcomePage:
    """One advice for all nations, with the numbers for when nothing connects at all that not every
    nation has, each with its nations: before what is done in person, as everywhere."""
    found: dict[str, tuple[Entry, list[Nation]]] = {}
    for nation, need in needs.items():
        for entry in page_context.advice_in(here, need, nation).then:
            if entry.beyond and entry.number and entry.channel not in page.channels:
                found.setdefault(entry.channel, (entry, []))[1].append(nation)
    if not found:
        return page
    own = [_of_nations(here, entry, nations) for entry, nations in found.values()]
    last = rulebook().catalogue.playing(ChannelRole.IN_PERSON)
    after = sum(w.channel != last for w in page.then)
    return replace(page, then=(*page.then[:after], *own, *page.then[after:]))


def _of_nations(here: PageContext, entry: Entry, nations: list[Nation]) -> Contact:
    shown = replace(way(here, entry), hint="")
    names = ", ".join(plain(here, of_nation(n)) for n in nations)
    return replace(shown, label=plain(here, "beyond-in", service=shown.named, nations=names))


def asking(here: PageContext, view: OutcomePage, outcome: Outcome) -> OutcomePage:
    """What to ask for, beside the button and on every other way, in the outcome's own words where
    it has them: two services, where it is not clear whose water it is. And that the first number
    knows no 55, where the outcome speaks of calls without a voice."""
    if _is_told_of_55(outcome) and view.emergency and _knows_no_55(view.first):
        view = replace(view, how=(*view.how, plain(here, "no-silent-55")))
    if outcome.ask is None:
        return view
    words = say(here, outcome.ask)
    first, *then = (replace(w, ask=words) if w.ask else w for w in (view.first, *view.then))
    return replace(view, first=first, then=tuple(then))


def _is_told_of_55(outcome: Outcome) -> bool:
    known = rulebook().catalogue.channels
    also = (c for nation in Nation for c in outcome.words(nation).also or ())
    return any(known[c].feature is Feature.SILENT_55 for c in (*outcome.steps, *also))


def _knows_no_55(first: Contact) -> bool:
    """Whether it is a voice call that is not the front door's own."""
    channel = rulebook().catalogue.channels[first.channel]
    door = rulebook().catalogue.playing(ChannelRole.FRONT_DOOR)
    own = first.channel == door or channel.call == door
    return bool(first.number) and channel.kind is ChannelKind.VOICE and not own


# Codes that stand there on the calmest day, or say nothing of what to do.
_CALM = frozenset(
    {
        Code.LAST_UPDATED_AND_NEXT_REVIEW,
        Code.IF_STILL_TROUBLE_USE,
        Code.ASK_FOR_FIRE,
        Code.ASK_FOR_COASTGUARD,
        Code.DO_NOT_TEST_CALL,
    }
)


def is_touched(advice: Advice) -> bool:
    """Whether what is in force changes this advice in anything that people do."""
    worse = any(e.state is not None or e.mode is not Mode.AS_USUAL for e in advice.entries)
    return worse or bool(advice.avoid) or any(s.code not in _CALM for s in advice.say)


def _statements(here: PageContext, advice: Advice) -> Iterator[NoticeLine]:
    """Who stands behind what is said, the gravest first."""
    if not is_touched(advice):
        return
    behind = {t.incident: t for t in advice.notices if not t.incident.startswith(UNCHECKED)}
    for incident in told_of(here):
        if notice := behind.get(incident.id):
            yield _statement(here, advice, notice, incident)


def _statement(
    here: PageContext, advice: Advice, t: AdviceNotice, incident: Incident
) -> NoticeLine:
    # Where both mobiles and landlines are dead it is about everybody: nothing is left to ask.
    maybe = bool(advice.says(Code.WHICH_NETWORK)) and is_limited(here, incident)
    return NoticeLine(
        incident=t.incident,
        kind=kind(incident),
        fault=capital(fault(here, incident)),
        who=said_by(here, incident),
        review=review(here, incident),
        overdue=t.overdue,
        maybe=maybe,
        words=own_words(here, incident),
    )


def said_of(views: Iterable[OutcomePage]) -> frozenset[str]:
    """The incidents that these tell of."""
    return frozenset(s.incident for view in views for s in view.statements)


def because(question: Question, option: Option) -> tuple[tuple[Question, Option], ...]:
    """The answers that led to an outcome: questions form a tree, so they are known."""
    return (*rulebook().trail(question.id), (question, option))


def choices(here: PageContext, views: list[OutcomePage]) -> list[OptionLink]:
    """What to ask of the visitor now: their network or line, while a fault is limited to some."""
    named = {s.incident for view in views for s in view.statements if s.maybe}
    limited = [i for i in here.in_force if i.id in named]
    asked = []
    if here.visitor.network is None and any(i.scope.networks for i in limited):
        brands = rulebook().catalogue.brands.values()
        asked.append(OptionLink("network", tuple((b.slug, b.name) for b in brands)))
    if here.visitor.line is None and any(lines_of(i, rulebook().catalogue) for i in limited):
        asked.append(OptionLink("line", tuple((x, plain(here, of_line(x))) for x in PhoneLine)))
    return asked


@dataclass(frozen=True)
class CouncilChoice:
    """The councils of an area, by code, and why the visitor is asked for theirs."""

    label: WordKey
    options: tuple[tuple[str, str], ...]


def councils(here: PageContext, channels: Iterable[str] = ()) -> CouncilChoice | None:
    """The councils of this area, while something in force touches only some of them, or where one
    of these channels is the council's own."""
    if here.area is None or here.place is None or rulebook().catalogue.council_of(here.place):
        return None
    options = here.once("councils", _council_options)
    own = {code for code, _ in options}
    if any(str(f.value) in own for i in here.touching for f in i.scope.footprints):
        return CouncilChoice("choice-council", options)
    known = rulebook().catalogue.channels
    asked = any((known[c].url_from or ("",))[0] is LocalKind.COUNCIL for c in channels)
    return CouncilChoice("choice-council-own", options) if asked else None


def _council_options(here: PageContext) -> tuple[tuple[str, str], ...]:
    """The councils of this area, by name."""
    known = here.area.councils if here.area else ()
    return tuple(sorted(((c.code, c.name.lang(here.lang)) for c in known), key=itemgetter(1)))
