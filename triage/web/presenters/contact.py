"""Advice -> what a template shows: ways to get help, with the digits in view. No rule lives here.

The four emergencies side by side are emergency_block.py; what is wrong is faults.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict, assert_never

from triage.engine.advice import Advice, Entry, Form, Say
from triage.engine.catalogue import Access, Channel, ChannelKind, Nation, Service
from triage.engine.lazy import lazy
from triage.engine.opening_hours import Answered
from triage.engine.situation import Code, Mode, State
from triage.rules import rulebook
from triage.seeds.enum_words import of_service, of_state
from triage.seeds.source_rank import number_rank
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.presenters.channel_state import (
    at_risk,
    holds,
    is_down,
    kept_free,
    state,
    stated,
)
from triage.web.presenters.sentences import channel_name, label, name, plain, say
from triage.web.wording.opening_hours import opening, until, week

_VERBS: Mapping[ChannelKind, WordKey] = {
    ChannelKind.VOICE: "verb-call",
    ChannelKind.SMS: "verb-text",
    ChannelKind.RELAY: "verb-relay",
    ChannelKind.EMAIL: "verb-write",
}
# Codes whose place on the page is elsewhere: the line that says who changed it, the question about
# the phone, the mark beside a way, the heading of the ways that come next.
_SAID_ELSEWHERE = frozenset(
    {
        Code.LAST_UPDATED_AND_NEXT_REVIEW,
        Code.WHICH_NETWORK,
        Code.AT_RISK,
        Code.IF_STILL_TROUBLE_USE,
    }
)


@dataclass(frozen=True)
class Contact:
    """One way to get help, as a line of a page: a verb with its digits, or a name."""

    channel: str
    kind: str
    verb: str
    number: str
    href: str
    label: str
    ask: str = ""
    hint: str = ""
    # Its week; and how it stands at this moment, where that is not always the same.
    hours: str = ""
    now: str = ""
    shut: bool = False
    unconfirmed: bool = False
    cost: str = ""
    at_risk: bool = False
    needs_area: bool = False
    forms: tuple[Contact, ...] = ()

    @lazy
    def named(self) -> str:
        """Its name as it stands beside its number: what is said there already is left out."""
        for said in (f"{self.verb} {self.number}", self.number):
            rest = self.label.removeprefix(said)
            if rest != self.label and not rest[:1].isalnum():
                return rest.lstrip(", ")
        return self.label

    @property
    def external(self) -> bool:
        return self.href.startswith("https:")


def way(here: PageContext, entry: Entry) -> Contact:
    """An entry of the advice as it is shown: the same on every page that shares."""
    known = here.shared
    found: Contact | None = known.get(entry)
    if found is None:
        found = known[entry] = _way(here, entry)
    return found


def _way(here: PageContext, entry: Entry) -> Contact:
    channel = rulebook().catalogue.channels[entry.channel]
    borrowed = channel.access is Access.OTHER_PHONE
    # A borrowed phone is not the one this is read on: its number is part of the words.
    number = "" if borrowed else _digits(entry.number) or channel.email or ""
    # What is the same for many areas names no area's own service: here it is this one's.
    own = label(here, channel) if channel.url_from and here.place and not number else ""
    return Contact(
        channel=entry.channel,
        kind=str(channel.kind),
        verb=plain(here, _VERBS[channel.kind]) if number and channel.kind in _VERBS else "",
        number=number,
        href=entry.href or ((own or channel.email) and _link(here, channel, "")) or "",
        label=_borrowed(here, entry) if entry.dials else own or name(here, entry.label),
        ask=plain(here, of_service(Service(entry.ask_for))[1]) if entry.ask_for else "",
        hint=_hint(here, entry, channel),
        **_answered(here, channel, number),
        cost=name(here, channel.cost) if channel.cost else "",
        at_risk=entry.at_risk,
        needs_area=channel.needs_place and here.area is None,
        forms=tuple(_form(here, form) for form in entry.forms),
    )


class _Answered(TypedDict, total=False):
    """What a card says of when a line is answered, and of who confirmed its number."""

    hours: str
    now: str
    shut: bool
    unconfirmed: bool


def _answered(here: PageContext, channel: Channel, number: str) -> _Answered:
    """When a channel is answered, and how that stands now in the nation of the visitor."""
    rank = number_rank(channel, rulebook().catalogue.sources)
    told = _Answered(unconfirmed=rank is not None and not rank.confirmed)
    if own := rulebook().catalogue.hours_at(channel.id, here.place):
        return {**told, "hours": name(here, own)}
    if channel.hours is None:
        asked = bool(number) and channel.kind is ChannelKind.VOICE
        return {**told, "hours": plain(here, "hours-unread") if asked else ""}
    told["hours"] = name(here, week(channel.hours))
    nation = page_context.nation(here)
    if channel.hours.always or nation is None:
        return told
    state = rulebook().catalogue.timetable.state(channel.id, nation, here.at)
    return {**told, "now": _now(here, channel, nation, state), "shut": state is Answered.SHUT}


def _now(here: PageContext, channel: Channel, nation: Nation, state: Answered) -> str:
    """ "Open now, until 5 pm"; "Shut now. It opens Monday at 9 am"."""
    change = rulebook().catalogue.timetable.changes_after(channel.id, nation, here.at)
    match state:
        case Answered.OPEN:
            when = until(change, here.at, here.lang) if change else ""
            return plain(here, "hours-open", when=when)
        case Answered.SHUT:
            when = opening(change, here.at, here.lang) if change else ""
            return plain(here, "hours-shut", when=when)
        case Answered.UNKNOWN:
            return plain(here, "hours-holiday")
        case Answered.ALWAYS:
            return ""
        case _:
            assert_never(state)


def _borrowed(here: PageContext, entry: Entry) -> str:
    """What to dial from a borrowed phone, to be read and not pressed on this one."""
    label, digits = name(here, entry.label), _digits(entry.number)
    return label if digits in label else f"{label} {digits}"


def _digits(number: str | None) -> str:
    """Half a number is a wrong one: it never breaks over two lines."""
    return (number or "").replace(" ", "\N{NO-BREAK SPACE}")


def _hint(here: PageContext, entry: Entry, channel: Channel) -> str:
    """What the mode says to do with this way; empty for the usual."""
    if entry.mode is Mode.HOLD:
        return plain(here, "hint-hold")
    if entry.mode is Mode.TRY_FIRST and channel.access is not Access.NONE:
        return plain(here, "hint-try-first")
    return ""


def _form(here: PageContext, form: Form) -> Contact:
    """How somebody who types or signs reaches the same line."""
    channel = rulebook().catalogue.channels.get(form.channel)
    key: WordKey = (
        "form-relay" if channel is None or channel.kind is ChannelKind.RELAY else "form-sign"
    )
    return Contact(
        channel=form.channel,
        kind="relay" if key == "form-relay" else "video",
        verb=plain(here, key),
        number=_digits(form.number),
        href=form.href or "",
        label=label(here, channel) if channel else "",
        at_risk=form.at_risk,
        needs_area=bool(channel and channel.needs_place and here.area is None),
    )


def channel_contact(here: PageContext, channel_id: str, *, even_kept: bool = False) -> Contact:
    """A channel of the catalogue as a line of a list, outside any advice. What is kept free for
    emergencies has no link, unless the page says beside it what it is kept for (`even_kept`)."""
    known, key = here.shared, ("channel", channel_id, even_kept)
    found: Contact | None = known.get(key)
    if found is None:
        found = known[key] = _channel_contact(here, channel_id, even_kept=even_kept)
    return found


def _channel_contact(here: PageContext, channel_id: str, *, even_kept: bool) -> Contact:
    catalogue = rulebook().catalogue
    channel = catalogue.channels[channel_id]
    number = _digits(catalogue.number(channel_id)) or channel.email or ""
    words = channel.words(page_context.nation(here))
    closed = is_down(here, channel) if even_kept else _is_closed(here, channel)
    return Contact(
        channel=channel_id,
        kind=str(channel.kind),
        verb=plain(here, _VERBS[channel.kind]) if number and channel.kind in _VERBS else "",
        number=number,
        href="" if closed else _link(here, channel, number),
        label=label(here, channel),
        hint=say(here, words.what or channel.what),
        **_answered(here, channel, number),
        cost=name(here, channel.cost) if channel.cost else "",
        at_risk=at_risk(here, channel),
        needs_area=channel.needs_place and here.area is None,
    )


def _is_closed(here: PageContext, channel: Channel) -> bool:
    """Whether no list may offer a channel now: it is down, or kept free for emergencies."""
    return channel.id in kept_free(here) or is_down(here, channel)


def state_words(here: PageContext, channel: Channel) -> str:
    """How a channel stands now, in a few words; empty where nothing is stated.

    On a page of no area a fault of some places says that it is: most readers are elsewhere.
    """
    if channel.id in kept_free(here):
        return plain(here, "state-kept")
    found = state(here, channel)
    if found is None or found is State.RESOLVED:
        return ""
    words = plain(here, of_state(found).listed)
    if all(holds(here, i) for i in stated(here, channel) if i.state is found):
        return words
    return plain(here, "state-somewhere", state=words)


def _link(here: PageContext, channel: Channel, number: str) -> str:
    if channel.email:
        return f"mailto:{channel.email}"
    digits = "".join(c for c in number if c.isdigit() or c == "+")
    if digits and channel.kind is not ChannelKind.ACTION:
        return f"{'sms' if channel.kind is ChannelKind.SMS else 'tel'}:{digits}"
    return rulebook().catalogue.url(channel.id, here.place) or ""


def said(here: PageContext, advice: Advice) -> list[str]:
    """The sentences of the codes that are said beside the list, in their order."""
    return [sentence(here, s) for s in advice.say if s.code not in _SAID_ELSEWHERE]


def sentence(here: PageContext, s: Say) -> str:
    """A code in words, with the channel that it is about."""
    value = channel_name(here, s.channel) if s.channel else ""
    return name(here, rulebook().codes[s.code]).replace("{channel}", value)


def avoided(here: PageContext, advice: Advice) -> list[str]:
    """What people might think of and must not use now, each with its state."""
    return [
        plain(here, of_state(a.state).avoid, channel=channel_name(here, a.channel))
        for a in advice.avoid
    ]


def also(here: PageContext, channels: Iterable[str], shown: Iterable[str]) -> list[Contact]:
    """Other channels worth knowing that exist here, are not in the list already, and neither down
    nor kept free for emergencies."""
    known = rulebook().catalogue.channels
    nation, skip = page_context.nation(here), set(shown)
    return [
        channel_contact(here, c)
        for c in channels
        if c not in skip
        and (nation is None or nation in known[c].nations)
        and not _is_closed(here, known[c])
    ]
