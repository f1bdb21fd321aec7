"""The laws of advice: what must hold of every advice, whatever is stated (rules 2 to 15).

Each law looks at a finished Advice beside the raw statements (law_case.py), and yields what is
wrong in a sentence. Those of what is said beside the list are saying_laws.py; over which situations
they are proved is proof.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from triage.engine.advice import Entry
from triage.engine.catalogue import RELAY_PREFIX, Access, ChannelKind, ChannelRole, dial
from triage.engine.channel import Requirement
from triage.engine.forms import TEXT_RELAY
from triage.engine.law_case import ANSWERED, LawCase
from triage.engine.rulebook import Urgency
from triage.engine.saying_laws import SAYING_LAWS
from triage.engine.situation import FAILING, Mode, State, Uses

WRITTEN = frozenset({ChannelKind.WEB, ChannelKind.CHAT, ChannelKind.EMAIL})
SPOKEN = frozenset({ChannelKind.VOICE, ChannelKind.RADIO})
WAYS_ROUND = frozenset({ChannelRole.IN_PERSON, ChannelRole.WAIT, ChannelRole.HELPER})

Law = Callable[[LawCase], Iterator[str]]


def something_is_left(case: LawCase) -> Iterator[str]:
    """Rule 11: something is always said, and in person means the right place for the need."""
    if not case.advice.entries:
        yield "nothing is left"
    for entry in case.advice.entries:
        right = case.rulebook.catalogue.fill(case.need.in_person)
        if case.channel(entry.channel).role is ChannelRole.IN_PERSON and entry.label != right:
            yield "in person is not the place for this need"


def what_is_shown_exists(case: LawCase) -> Iterator[str]:
    """Rule 4: it exists in this nation, can be advised, and stands once."""
    for channel in case.shown:
        known = case.channel(channel)
        if not known.exists_in(case.moment.place):
            yield f"{channel} does not exist in {case.moment.place.nation}"
        if known.kind is ChannelKind.INFRASTRUCTURE:
            yield f"{channel} can only fail"
    if len(set(case.shown)) < len(case.shown):
        yield f"a channel stands twice: {', '.join(case.shown)}"


def nothing_down_is_shown(case: LawCase) -> Iterator[str]:
    """Rules 3 and 4: nothing is shown that is down, or that can only travel over what is down."""
    for entry in case.advice.entries:
        if case.channel(entry.channel).role not in WAYS_ROUND and case.is_down(entry.channel):
            yield f"{entry.channel} is marked down and shown"
        for form in entry.forms:
            known = form.channel != TEXT_RELAY
            if case.is_down(form.channel if known else _relay(case)):
                yield f"{form.channel} is marked down and stands as a form of {entry.channel}"


def _relay(case: LawCase) -> str:
    return case.rulebook.catalogue.playing(ChannelRole.RELAY_PREFIX)


def no_link_leads_over_a_dead_line(case: LawCase) -> Iterator[str]:
    """Rule 2: a number that this phone cannot reach is read out, never linked."""
    for entry in case.advice.entries:
        if entry.href and case.own_line_is_dead(entry.channel):
            yield f"{entry.channel} is linked from a phone that cannot reach it"
        if entry.href and case.channel(entry.channel).access is Access.OTHER_PHONE:
            yield f"{entry.channel} is another phone, and linked on this one"
    for avoided in case.advice.avoid:
        if not case.about(avoided.channel) and not case.is_down(avoided.channel):
            yield f"{avoided.channel} is called not working, and only this phone is"


def no_dead_kind_of_phone_is_shown(case: LawCase) -> Iterator[str]:
    """Rule 2: nobody is sent to a mobile, or a landline, while all of that kind are dead here."""
    for channel in case.shown:
        for stated in case.deaths_of_a_kind(channel):
            yield f"{channel} is shown while {stated.id}"


def every_link_dials_its_number(case: LawCase) -> Iterator[str]:
    """Rule 8: the link equals the number beside it, and the number is the channel's own."""
    for entry in case.advice.entries:
        scheme = "sms:" if case.channel(entry.channel).kind is ChannelKind.SMS else "tel:"
        yield from _link(entry.channel, entry.number, entry.href, scheme)
        yield from _own_number(case, entry)
        for form in entry.forms:
            yield from _link(form.channel, form.number, form.href, "tel:")


def _link(channel: str, number: str | None, href: str | None, scheme: str) -> Iterator[str]:
    if number:
        if href is not None and href != dial(number).replace("tel:", scheme):
            yield f"{channel} shows {number} and dials {href}"
    elif href and not href.startswith("https://"):
        yield f"{channel} has no number and leads to {href}"


def _own_number(case: LawCase, entry: Entry) -> Iterator[str]:
    digits = (entry.number or "").removeprefix(f"{RELAY_PREFIX} ")
    dialled = case.channel(entry.dials or entry.channel)
    if dialled.role is ChannelRole.PUBLISHED_NUMBER:
        if digits not in case.numbers():
            yield f"{digits} was not published for {case.need.id} here"
    elif digits != (case.rulebook.catalogue.number(dialled.id) or "").removeprefix(
        f"{RELAY_PREFIX} "
    ):
        yield f"{entry.number} is not the number of {dialled.id}"


def at_risk_is_marked(case: LawCase) -> Iterator[str]:
    """Rule 3: what hangs on a failing platform is marked."""
    for entry in case.advice.entries:
        above = case.rulebook.catalogue.ancestors[entry.channel]
        failing = [i for i in case.moment.live if i.channel in above and i.state in FAILING]
        if not entry.at_risk and any(case.touches(i) for i in failing):
            yield f"{entry.channel} hangs on what fails and is not marked"


def at_risk_is_not_alone(case: LawCase) -> Iterator[str]:
    """Rule 3: what is at risk leads only where nothing sure is left, beside a way round."""
    first = case.advice.first
    if not first.at_risk or first.channel == case.door:
        return
    roles = {case.channel(c).role for c in case.shown}
    if not roles >= {ChannelRole.HELPER, ChannelRole.IN_PERSON} and not _has_sure(case):
        yield f"{first.channel} is at risk and leads without a helper and a place"
    better = [e.channel for e in case.advice.entries if _leads_better(case, e)]
    if better:
        yield f"{first.channel} is at risk and leads before {better[0]}"


def _has_sure(case: LawCase) -> bool:
    return any(_leads_better(case, e) for e in case.advice.entries)


def _leads_better(case: LawCase, entry: Entry) -> bool:
    """Whether this person could use it alone, and nothing is the matter with it."""
    known = case.channel(entry.channel)
    in_route = entry.channel in case.route or not case.need.is_emergency
    signs = known.kind is not ChannelKind.VIDEO or case.uses is Uses.SIGN
    aside = known.role is not None or bool(known.requires) or _is_kept(case, entry.channel)
    return in_route and signs and not aside and not entry.at_risk


def _is_kept(case: LawCase, channel: str) -> bool:
    known = case.channel(channel)
    forms = {channel, known.call, known.relay_of or channel, *known.parents}
    return not case.need.is_emergency and bool(forms & case.moment.kept_free)


def the_mode_is_followed(case: LawCase) -> Iterator[str]:
    """Rule 5, where one service's fresh word stands alone on the first channel of the route."""
    word = case.only_word()
    if word is None or case.uses is not Uses.VOICE:
        return
    mode, stated = word
    usual, first = case.route[0], case.advice.first
    if stated.state is State.DOWN or mode is Mode.REPLACE:
        if first.channel == usual and len(case.shown) > 1:
            yield f"{usual} is replaced and stands first"
    elif first.at_risk or _is_kept(case, usual) or _is_shut(case, usual):
        return
    elif first.channel != usual or first.mode is not mode:
        yield f"{usual} is to be used {mode}; first is {first.channel}, {first.mode}"


def _is_shut(case: LawCase, channel: str) -> bool:
    """Whether nobody answers it at this hour: what is no emergency begins with who does."""
    shut = case.rulebook.catalogue.timetable.shut(case.moment.place.nation, case.moment.at)
    return not case.need.is_emergency and channel in shut


def a_preset_that_replaces_is_followed(case: LawCase) -> Iterator[str]:
    """At its own place, what is down is not first: the law that a blind engine breaks."""
    first = case.advice.first.channel
    if case.is_down(first) or (case.is_down(case.door) and first == case.door):
        yield f"{first} is down and stands first"


def there_is_a_second_way(case: LawCase) -> Iterator[str]:
    """Rule 11: never a bare 999, on the calmest day; each by a way the person can use."""
    if not case.need.is_emergency or case.advice.first.channel == _in_person(case):
        return
    if case.shown[-1] == case.advice.first.channel or _in_person(case) not in case.shown:
        yield f"{case.advice.first.channel} stands without a place to go to"
    if not case.moment.stated and len(case.shown) < 3:
        yield f"{case.advice.first.channel} is the only number"


def _in_person(case: LawCase) -> str:
    return case.rulebook.catalogue.playing(ChannelRole.IN_PERSON)


def what_carries_emergencies_is_kept_free(case: LawCase) -> Iterator[str]:
    """Rule 7: no other need has first what emergencies are sent to; routine ones do not see it."""
    if case.need.is_emergency:
        return
    hidden = case.advice.urgency in (Urgency.ROUTINE, Urgency.NOT_POLICE)
    for n, entry in enumerate(case.advice.entries):
        known = case.channel(entry.dials or entry.channel)
        if known.kind not in ANSWERED or not _is_kept(case, known.id):
            continue
        if n == 0 or (hidden and case.uses is Uses.VOICE):
            yield f"{known.id} stands at {n} and carries emergencies"


def never(case: LawCase) -> Iterator[str]:
    """Rule 9: forms for emergencies, owners who do not answer, 999 for the rest, 112, a desk for
    a fire, waiting where it may not be."""
    for entry in case.advice.entries:
        known = case.channel(entry.channel)
        if case.need.is_emergency and known.kind in WRITTEN:
            yield f"{entry.channel} is a form or a chat, for an emergency"
        if case.need.is_emergency and not known.answers & case.services:
            yield f"{entry.channel} does not answer {case.need.id}"
        if not case.need.is_emergency and known.emergency:
            yield f"{entry.channel} is an emergency channel, for {case.need.urgency}"
        if known.same_call == case.door and known.access is Access.VOICE:
            yield f"{entry.channel} is shown: it is the very same call as 999"
        if known.role is ChannelRole.WAIT and not case.need.may_wait:
            yield "this need may not wait"


def another_phone_cures_only_a_line(case: LawCase) -> Iterator[str]:
    """Rule 2: a fault of 999 itself is not cured by another phone for it alone."""
    for cure in case.rulebook.catalogue.cures:
        if case.door_fails and cure in case.shown:
            yield f"{cure} is shown while 999 itself fails"


def what_half_works_is_kept(case: LawCase) -> Iterator[str]:
    """Rules 11 and 12: no emergency is sent to a place while a half-working channel is withheld."""
    if not case.need.is_emergency or case.uses is not Uses.VOICE:
        return
    ways = [c for c in case.shown if case.channel(c).role not in WAYS_ROUND]
    for channel in case.route:
        known = case.channel(channel)
        if ways or case.is_down(channel) or case.own_line_is_dead(channel) or known.requires:
            continue
        yield f"{channel} half works, and only a place is shown"


def overdue_shows_both_routes(case: LawCase) -> Iterator[str]:
    """Rule 12: an unreviewed statement neither vanishes nor keeps diverting; its age is shown."""
    late = {i.id for i in case.moment.live if case.moment.is_late(i)}
    for channel in case.route:
        about = case.about(channel)
        if not about or not all(i.id in late for i in about) or case.uses is not Uses.VOICE:
            continue
        if not (_is_kept(case, channel) or case.is_down(channel) or _is_dialled(case, channel)):
            yield f"{channel} is no longer shown, though nobody has reviewed why"
        if not late & {n.incident for n in case.advice.notices if n.overdue}:
            yield "the age of the statement is not shown"


def _is_dialled(case: LawCase, channel: str) -> bool:
    """Whether a channel is shown; where one's own line is dead, from another phone."""
    if channel in case.shown:
        return True
    calls = {case.channel(e.dials or e.channel).call for e in case.advice.entries}
    return case.own_line_is_dead(channel) and case.channel(channel).call in calls


def no_voice_is_the_sole_way(case: LawCase) -> Iterator[str]:
    """Who cannot hear or speak has a way that is not a voice call, whatever the need."""
    closing = (ChannelRole.IN_PERSON, ChannelRole.WAIT)
    ways = [e for e in case.advice.entries if case.channel(e.channel).role not in closing]
    spoken = [e for e in ways if case.channel(e.channel).kind in SPOKEN and not _by_relay(e)]
    forms = [f for e in spoken for f in e.forms]
    if spoken and len(spoken) == len(ways) and not forms:
        yield f"{', '.join(e.channel for e in spoken)}: voice alone, without text, sign or helper"


def _by_relay(entry: Entry) -> bool:
    return (entry.number or "").startswith(f"{RELAY_PREFIX} ")


def no_relay_for_others_comes_first(case: LawCase) -> Iterator[str]:
    """Rule 6: a non-emergency relay number does not stand before 18000 unless hearing people are
    told to replace."""
    if not case.need.is_emergency or case.uses is Uses.VOICE:
        return
    first = case.advice.first
    known = case.channel(first.channel)
    if known.role is None and not known.emergency and first.mode is not Mode.REPLACE:
        yield f"{first.channel} leads, and nobody is told to replace"


LAWS: tuple[Law, ...] = (
    something_is_left,
    what_is_shown_exists,
    nothing_down_is_shown,
    no_link_leads_over_a_dead_line,
    no_dead_kind_of_phone_is_shown,
    every_link_dials_its_number,
    at_risk_is_marked,
    at_risk_is_not_alone,
    the_mode_is_followed,
    a_preset_that_replaces_is_followed,
    there_is_a_second_way,
    what_carries_emergencies_is_kept_free,
    never,
    another_phone_cures_only_a_line,
    what_half_works_is_kept,
    overdue_shows_both_routes,
    no_voice_is_the_sole_way,
    no_relay_for_others_comes_first,
    *SAYING_LAWS,
)


def parity(hearing: LawCase, other: LawCase) -> Iterator[str]:
    """Rule 6: whoever types, signs or is silent is sent to the same service as a hearing person
    with the same emergency, no later in the list and with no weaker word."""
    theirs, own = hearing.advice.first, other.advice.first
    door, known = hearing.channel(theirs.channel).call == hearing.door, other.channel(own.channel)
    if known.role in WAYS_ROUND or Requirement.REGISTERED_FOR_SMS in known.requires:
        return
    if not hearing.about(hearing.door) and hearing.moment.stated:
        # What is stated takes a way that only one of them uses: the other's says nothing.
        return
    if door and not known.emergency:
        yield f"by voice {theirs.channel} is first, by {other.uses} {own.channel}"
    if door and known.emergency and own.mode is not theirs.mode and not other.about(own.channel):
        yield f"by voice {theirs.mode}, by {other.uses} {own.mode}"
    alternative = not door and theirs.mode is Mode.REPLACE and known.emergency
    if alternative and own.mode not in (Mode.REPLACE, Mode.TRY_FIRST):
        yield f"by voice replace, by {other.uses} {own.mode}"
