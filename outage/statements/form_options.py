"""What the declare form offers: channels, states, places and the presets, in an operator's words.

Pure, from the rulebook and the rights. Reading the form back is forms.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outage.models import Organisation
from outage.statements import channel_rights, timeline_text
from outage.statements.rights import Rights
from triage.engine.catalogue import Footprint, Service
from triage.engine.rulebook import Need, Rulebook
from triage.engine.situation import Mode, State
from triage.engine.treatment import DEFAULT_MODES

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


def needs(rulebook: Rulebook, channel: str, footprints: Iterable[str]) -> list[Need]:
    """The needs that a fault of this channel in these places can touch."""
    legs = {f.service for f in map(Footprint.parse, footprints)}
    everyone = None in legs or not legs
    return [
        need
        for need in rulebook.needs.values()
        if _touched(rulebook, need, channel) and (everyone or need.services & (legs - {None}))
    ]


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
        tuple(FormOption(c, _short(rulebook, c), c == picked) for c in usable) for picked in held
    )


def _usable(rulebook: Rulebook, need: Need, channel: str, chosen: Sequence[str]) -> list[str]:
    known = [c for route in need.routes.values() for c in route]
    known += [c for p in rulebook.presets if p.need == need.id for c in p.to]
    if need.is_emergency:
        known += ["101", "111"]
    known += ["local-number", "in-person"] + (["wait"] if need.may_wait else [])
    held = [c for c in chosen if c in rulebook.catalogue.channels]
    return [c for c in dict.fromkeys((*held, *known)) if c != channel]


def features(chosen: Sequence[str]) -> list[FormOption]:
    names = {
        "location": "The caller's location",
        "silent-55": "Pressing 55",
        "relay": "Text relay",
        "callback": "Calling back",
    }
    return [FormOption(k, v, k in chosen) for k, v in names.items()]
