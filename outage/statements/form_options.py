"""What the declare form offers: what is broken, states, places, presets, in an operator's words.

Pure, from the rulebook and the rights. Reading the form back is panel/forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outage.models import Organisation
from outage.statements import broken, channel_rights, timeline_text
from outage.statements.rights import Rights, said_by
from outage.statements.statement import Statement
from triage.engine.catalogue import Brand, Catalogue, Service
from triage.engine.entitlement import has_word
from triage.engine.rulebook import Need, Rulebook
from triage.engine.situation import Mode, State
from triage.engine.treatment import DEFAULT_MODES
from triage.incident_checks import no_way

# What a duty officer switches most, first; everything else follows by name.
MAIN = ("999", "101", "111", "police-online", "police-chat", "text-relay-999", "999-bsl",
        "emergency-sms", "silent-solution", "101-text-relay", "111-online", "111-text-relay",
        "mobile-voice", "landline", "mobile-data")  # fmt: skip
# How many alternatives the form offers for a need, one after another.
WAYS = 3
STATES = {
    State.DOWN: "Down: nothing connects",
    State.MANY_FAILING: "Many failing: some connect, many do not",
    State.DELAYED: "Delayed: connects after a wait",
    State.DEGRADED: "Degraded: connects, a part is missing",
    State.ON_BACKUP: "On back-up: answered another way",
    State.RESTORED: "Restored: back, being watched",
}
MODES = {
    Mode.REPLACE: "Go straight to the alternative",
    Mode.TRY_FIRST: "Try the usual first, then the alternative",
    Mode.HOLD: "Stay with the usual and wait",
    Mode.AS_USUAL: "As usual; alternative only if still trouble",
}


@dataclass(frozen=True)
class FormOption:
    """One thing to pick."""

    value: str
    label: str
    chosen: bool = False
    example: str = ""


@dataclass(frozen=True)
class BrokenOptions:
    """What is broken, asked first, and what each answer asks next. `with_`: the answer under which
    legs or networks are shown though it does not ask for them, since they stand already."""

    answers: tuple[FormOption, ...]
    legs: tuple[FormOption, ...]
    networks: tuple[FormOption, ...]
    lines: tuple[FormOption, ...]
    services_with: str
    networks_with: str


@dataclass(frozen=True)
class NeedRow:
    """One need: what the preset says, and what may be said instead."""

    need: str
    name: str
    preset: str
    modes: tuple[FormOption, ...]
    ways: tuple[tuple[FormOption, ...], ...]
    words_en: str = ""
    words_cy: str = ""


def board_channels(rights: Rights) -> tuple[str, ...]:
    """The channels with a switch on the board: the services' own; the main ones for the rest."""
    if not rights.services or rights.national:
        return MAIN[:8]
    found = [c for s in Service if s in rights.services for c in channel_rights.BY_SERVICE[s]]
    return tuple(dict.fromkeys(found))


def broken_options(
    owner: Organisation, rulebook: Rulebook, data: Mapping[str, Any], answer: str = ""
) -> BrokenOptions:
    """The first question, answered as some data say, or as `answer` does."""
    catalogue = rulebook.catalogue
    chosen = answer or str(broken.broken(data, catalogue) or "")
    offered = broken.answers(owner, catalogue)
    services, networks = data.get("services", ()), data.get("networks", ())
    legs = broken.legs(owner)
    return BrokenOptions(
        tuple(FormOption(a, a.label, a == chosen, a.example) for a in broken.Broken
              if a in offered or a == chosen),
        tuple(FormOption(s, s.capitalize(), s in services or legs == [s])
              for s in Service if s in legs or s in services),
        tuple(FormOption(b.slug, _brand(b, catalogue), b.slug in networks)
            for b in catalogue.brands.values()),
        tuple(FormOption(c, _name(rulebook, c), c == data.get("channel"))
              for c in broken.lines(owner, catalogue)),
        services_with=chosen if services else "",
        networks_with=chosen if networks else "",
    )  # fmt: skip


def _brand(brand: Brand, catalogue: Catalogue) -> str:
    """A brand; one with its own masts stands for all that use them."""
    others = [b.name for b in catalogue.brands.values() if b.network == brand.network]
    return f"{brand.name}, with {', '.join(others[1:])}" if brand.leads else brand.name


def channels(rulebook: Rulebook, owner: Organisation, chosen: str) -> list[FormOption]:
    """The channels whose faults an organisation may state; the one that stands already too."""
    known = rulebook.catalogue.channels
    own = [c.id for c in known.values() if channel_rights.may_state(owner, c) or c.id == chosen]
    rest = sorted({*own} - {*MAIN}, key=lambda c: _name(rulebook, c))
    shown = [c for c in MAIN if c in own]
    return [FormOption(c, _name(rulebook, c), c == chosen) for c in (*shown, *rest)]


def _name(rulebook: Rulebook, channel: str) -> str:
    return timeline_text.name(channel, rulebook.catalogue).en


def states(chosen: str) -> list[FormOption]:
    return [FormOption(str(s), label, s == chosen) for s, label in STATES.items()]


def own_places(rights: Rights, rulebook: Rulebook, chosen: Sequence[str]) -> list[FormOption]:
    """The operator's own territory; for a national operator the UK and its nations."""
    own = [str(f) for f in rights.footprints]
    if rights.national:
        own += [f"nation:{n}" for n in ("england", "wales", "scotland", "northern-ireland")]
    return _places(rulebook, own, chosen)


def other_places(rights: Rights, rulebook: Rulebook, chosen: Sequence[str]) -> list[FormOption]:
    """Everything else a statement may be about: the UK, nations, services."""
    shown = {c.value for c in own_places(rights, rulebook, chosen)}
    known = ["uk", *(f"nation:{n}" for n in ("england", "wales", "scotland", "northern-ireland"))]
    known += [f"{service}:{slug}" for service, slug in rulebook.catalogue.bodies]
    return _places(rulebook, [f for f in known if f not in shown], chosen)


def councils(rights: Rights, rulebook: Rulebook, chosen: Sequence[str]) -> list[FormOption]:
    """The councils within the operator's territory."""
    catalogue = rulebook.catalogue
    within = [
        f"council:{code}"
        for code, place in catalogue.place_of_council.items()
        if any(f.covers(place) for f in rights.footprints) or f"council:{code}" in chosen
    ]
    return sorted(_places(rulebook, within, chosen), key=lambda c: c.label)


def _places(rulebook: Rulebook, values: Iterable[str], chosen: Sequence[str]) -> list[FormOption]:
    names = {v: timeline_text.place(v, rulebook.catalogue).en for v in values}
    return [FormOption(v, name[:1].upper() + name[1:], v in chosen) for v, name in names.items()]


def number_places(rights: Rights, rulebook: Rulebook, chosen: Sequence[str]) -> list[FormOption]:
    """Where a local number may be shown: a service's own land and its councils, since its control
    rooms have numbers of their own; for a national operator any service's land."""
    own = own_places(rights, rulebook, chosen)
    more = (other_places if rights.national else councils)(rights, rulebook, chosen)
    shown = {c.value for c in (*own, *more)}
    return [*own, *more, *_places(rulebook, [f for f in chosen if f and f not in shown], chosen)]


def need_rows(
    rulebook: Rulebook,
    owner: Organisation,
    channel: str,
    state: str,
    notices: Iterable[Mapping[str, Any]],
) -> list[NeedRow]:
    """A row for each need that the organisation has a word on, and for each that stands already."""
    if channel not in rulebook.catalogue.channels or state not in set(State):
        return []
    said = {n["need"]: n for n in notices}
    spoken_of = [need.id for need in needs(rulebook, owner, channel)]
    shown = dict.fromkeys((*spoken_of, *said))
    return [_row(rulebook, rulebook.needs[need], channel, State(state), said.get(need, {}))
            for need in shown if need in rulebook.needs]  # fmt: skip


def _row(
    rulebook: Rulebook, need: Need, channel: str, state: State, notice: Mapping[str, Any]
) -> NeedRow:
    return NeedRow(
        need=need.id,
        name=need.name.en,
        preset=preset_words(rulebook, channel, state, need),
        modes=tuple(modes(state, notice.get("mode", ""))),
        ways=ways(rulebook, need, channel, notice.get("to", ())),
        words_en=notice.get("words_en", ""),
        words_cy=notice.get("words_cy", ""),
    )


def modes(state: State, chosen: str) -> list[FormOption]:
    """What people may be told: while nothing connects, only to go elsewhere (rule 10)."""
    able = [m for m in MODES if state is not State.DOWN or m is Mode.REPLACE or m == chosen]
    return [FormOption(str(m), MODES[m], m == chosen) for m in able]


def needs(rulebook: Rulebook, owner: Organisation, channel: str) -> list[Need]:
    """The needs that an organisation has a word on, where a fault of this channel touches them; of
    a fault of 999 also its routine ones ("111 online for the rest")."""
    places = tuple(owner.footprints) or ("uk",)
    saying = said_by(owner, Statement(channel=channel, state=State.MANY_FAILING, footprints=places))
    known = [need for need in rulebook.needs.values() if has_word(saying, need, rulebook)]
    door = channel == broken.front_door(rulebook.catalogue)
    return [n for n in known if _touched(rulebook, n, channel) or (door and _of_a_service(n))]


def _of_a_service(need: Need) -> bool:
    return bool(need.services or need.spoken_of_by) and not need.without_voice


def _touched(rulebook: Rulebook, need: Need, channel: str) -> bool:
    if any(p.need == need.id for p in rulebook.presets if p.channel == channel):
        return True
    return any(channel in route for route in need.routes.values())


def preset_words(rulebook: Rulebook, channel: str, state: State, need: Need) -> str:
    """What the preset tells people with this need, in one line."""
    found = [
        p for p in rulebook.presets if (p.channel, p.state, p.need) == (channel, state, need.id)
    ]
    mode = found[0].mode if found else DEFAULT_MODES.get(state, Mode.AS_USUAL)
    ways = {" then ".join(_short(rulebook, c) for c in p.to) for p in found if p.to}
    return f"{MODES[mode]}{': ' if ways else ''}{' or '.join(sorted(ways))}"


def _short(rulebook: Rulebook, channel: str) -> str:
    return rulebook.catalogue.number(channel) or _name(rulebook, channel)


def ways(
    rulebook: Rulebook, need: Need, channel: str, chosen: Sequence[str]
) -> tuple[tuple[FormOption, ...], ...]:
    """Where people with this need may be sent instead: first, then, then; more where more stand."""
    usable = _usable(rulebook, need, channel, chosen)
    held = [*chosen, *[""] * (WAYS - len(chosen))]
    return tuple(
        tuple(FormOption(c, _apart(rulebook, c), c == picked) for c in usable) for picked in held
    )


def _apart(rulebook: Rulebook, channel: str) -> str:
    """A way by a name that no other has: many ways share the digits of one number."""
    name, number = _name(rulebook, channel), rulebook.catalogue.number(channel)
    return name if not number or number in name else f"{name}, {number}"


def _usable(rulebook: Rulebook, need: Need, channel: str, chosen: Sequence[str]) -> list[str]:
    known = [c for route in need.routes.values() for c in route]
    known += [c for p in rulebook.presets if p.need == need.id for c in p.to]
    if need.is_emergency:
        known += ["101", "111"]
    known += ["local-number", "in-person"] + (["wait"] if need.may_wait else [])
    able = [c for c in known if c != channel and not no_way(need, c, rulebook)]
    held = [c for c in chosen if c in rulebook.catalogue.channels]
    return list(dict.fromkeys((*held, *able)))


def features(chosen: Sequence[str]) -> list[FormOption]:
    names = {
        "location": "The caller's location",
        "silent-55": "Pressing 55",
        "relay": "Text relay",
        "callback": "Calling back",
    }
    return [FormOption(k, v, k in chosen) for k, v in names.items()]
