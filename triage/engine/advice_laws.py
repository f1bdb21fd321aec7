"""The laws of advice: what must hold of every advice, whatever is stated (rules 3 to 11).

Each law looks at a finished Advice beside what was stated (law_case.py), and yields what is wrong
in a sentence. Over which situations they are proved is proof.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from triage.engine.advice import Entry
from triage.engine.catalogue import Access, ChannelKind, dial
from triage.engine.law_case import ANSWERED, LawCase
from triage.engine.scope import ReachingIncident, is_carrier, number_is_good
from triage.engine.situation import FAILING, OVER, Code, Mode, PhoneLine, State

WRITTEN = frozenset({ChannelKind.WEB, ChannelKind.CHAT, ChannelKind.EMAIL})
SPOKEN = frozenset({ChannelKind.VOICE, ChannelKind.RADIO})
BESIDE = frozenset({"helper-call", "in-person"})
# What works only for some: a registered phone, a boat with a radio.
CONDITIONAL = frozenset({"emergency-sms", "vhf-dsc"})

Law = Callable[[LawCase], Iterator[str]]


def something_is_left(told: LawCase) -> Iterator[str]:
    """Rule 8: something is always said, and in person means the right place for the need."""
    if not told.advice.entries:
        yield "nothing is left"
    for entry in told.advice.entries:
        if entry.channel == "in-person":
            label = told.here.rulebook.catalogue.fill(told.need.in_person)
            if entry.label != label:
                yield "in person is not the place for this need"


def what_is_shown_exists(told: LawCase) -> Iterator[str]:
    """Rule 4: it exists in this nation, can be advised, and stands once."""
    for channel in told.shown:
        known = told.channel(channel)
        if told.here.place.nation not in known.nations:
            yield f"{channel} does not exist in {told.here.place.nation}"
        if known.kind is ChannelKind.INFRASTRUCTURE:
            yield f"{channel} can only fail"
    if len(set(told.shown)) < len(told.shown):
        yield f"a channel stands twice: {', '.join(told.shown)}"


def nothing_down_is_shown(told: LawCase) -> Iterator[str]:
    """Rule 4: nothing marked down is shown, first or later; disputed, it is shown but not first."""
    for n, entry in enumerate(told.advice.entries):
        if told.is_marked_down(entry.channel) and (n == 0 or not told.is_disputed(entry.channel)):
            yield f"{entry.channel} is marked down and stands at {n}"
        for form in entry.forms:
            known = form.channel != "text-relay"
            if known and told.is_marked_down(form.channel):
                yield f"{form.channel} is marked down and stands as a form of {entry.channel}"


def every_link_dials_its_number(told: LawCase) -> Iterator[str]:
    """Rule 7: the link equals the number beside it."""
    for entry in told.advice.entries:
        scheme = "sms:" if told.channel(entry.channel).kind is ChannelKind.SMS else "tel:"
        yield from _link(entry.channel, entry.number, entry.href, scheme)
        for form in entry.forms:
            yield from _link(form.channel, form.number, form.href, "tel:")


def _link(channel: str, number: str | None, href: str | None, scheme: str) -> Iterator[str]:
    if number:
        if href != dial(number).replace("tel:", scheme):
            yield f"{channel} shows {number} and dials {href}"
    elif href and not href.startswith("https://"):
        yield f"{channel} has no number and leads to {href}"


def at_risk_is_not_alone(told: LawCase) -> Iterator[str]:
    """Rule 3: what hangs on a failing platform is marked, and leads only beside a way round."""
    for entry in told.advice.entries:
        marked = entry.at_risk or told.is_marked_down(entry.channel)
        if _platform_fails(told, entry.channel) and not marked:
            yield f"{entry.channel} hangs on what fails and is not marked"
    first = told.advice.first
    if not first.at_risk:
        return
    if not set(told.shown) >= BESIDE:
        yield f"{first.channel} is at risk and leads without a helper and a place"
    better = [e.channel for e in told.advice.entries if _is_sure(told, e)]
    if better:
        yield f"{first.channel} is at risk and leads before {better[0]}"


def _platform_fails(told: LawCase, channel: str) -> bool:
    above = told.here.rulebook.catalogue.ancestors[channel]
    return any(
        s.state in FAILING and s.incident.channel in above and not s.is_access for s in told.stated
    )


def _is_sure(told: LawCase, entry: Entry) -> bool:
    aside = entry.channel in BESIDE or entry.channel in CONDITIONAL or entry.channel == "wait"
    last = entry.mode is Mode.TRY_FIRST and told.is_disputed(entry.channel)
    kept = told.here.local(told.need.id).kept_free
    return not (aside or last or entry.at_risk or kept)


def the_mode_is_followed(told: LawCase) -> Iterator[str]:
    """Rule 5, where one service's fresh word stands alone on the first channel of the route."""
    if not told.route or told.need.id not in told.here.rulebook.needs:
        return
    usual = told.route[0]
    word = _only_word(told, usual)
    if word is None or usual in CONDITIONAL:
        return
    mode, s = word
    first = told.advice.first
    if s.state is State.DOWN or mode is Mode.REPLACE:
        if first.channel == usual:
            yield f"{usual} is replaced and stands first"
    elif first.at_risk or told.here.local(told.need.id).kept_free:
        return
    elif first.channel != usual or first.mode is not mode:
        yield f"{usual} is to be used {mode}; first is {first.channel}, {first.mode}"


def _only_word(told: LawCase, channel: str) -> tuple[Mode, ReachingIncident] | None:
    """The mode of the one statement there is about a channel, if it says one for this need."""
    about = told.about(channel)
    if len(about) != 1 or told.is_disputed(channel):
        return None
    s = about[0]
    if is_carrier(s.incident) or s.overdue or told.of_channel(channel) != [s]:
        return None
    modes = [n.mode for n in s.incident.notices if n.need == told.need.id]
    return (modes[0], s) if modes else None


def what_carries_emergencies_is_kept_free(told: LawCase) -> Iterator[str]:
    """Rule 6: no other need has first what emergencies of this place are sent to."""
    first = told.advice.first
    if told.need.is_emergency or told.channel(first.channel).kind not in ANSWERED:
        return
    lines = _lines(told, first.channel)
    for need, sent in told.moment.sent.items():
        if lines & sent:
            yield f"{first.channel} stands first and carries {need}: {', '.join(sorted(sent))}"
    for s in told.stated:
        if s.state not in OVER and not is_carrier(s.incident) and lines & set(s.incident.keep_free):
            yield f"{first.channel} stands first and is to be kept free"


def _lines(told: LawCase, channel: str) -> set[str]:
    """What a channel is a form of. A published number is a line of its own."""
    if channel == "local-number":
        return {f"local-number {told.advice.first.number}"}
    known = told.channel(channel)
    return {channel, known.call, *known.parents, known.relay_of or channel} - {"999"}


def never(told: LawCase) -> Iterator[str]:
    """Rule 7: forms for emergencies, 999 for the rest, 112, stale numbers, a desk for a fire."""
    for entry in told.advice.entries:
        known = told.channel(entry.channel)
        if told.need.is_emergency and known.kind in WRITTEN:
            yield f"{entry.channel} is a form or a chat, for an emergency"
        if not told.need.is_emergency and known.emergency:
            yield f"{entry.channel} is an emergency channel, for {told.need.urgency}"
        if entry.channel == "112":
            yield "112 is shown: it is the very same call as 999"
        if entry.channel == "police-counter" and told.need.id == "fire-emergency":
            yield "a police station is shown for a fire"
        if entry.channel == "local-number" and not _is_good(told, entry.number):
            yield f"{entry.number} is not verified here and now"
        if entry.channel == "wait" and not told.need.may_wait:
            yield "this need may not wait"


def _is_good(told: LawCase, number: str | None) -> bool:
    published = [n for s in told.stated for n in s.incident.numbers if n.number == number]
    place, at = told.here.place, told.here.at
    return any(number_is_good(n, at) and n.footprint.covers(place) for n in published)


def another_phone_cures_only_a_line(told: LawCase) -> Iterator[str]:
    """Rule 2: a fault of 999 itself is not cured by another phone."""
    platform = any(
        s.incident.channel == "999" and s.state in FAILING and not s.is_access for s in told.stated
    )
    for cure in ("999-other-phone", "999-from-mobile"):
        if platform and cure in told.shown:
            yield f"{cure} is shown while 999 itself fails"


def no_dead_kind_of_phone_is_shown(told: LawCase) -> Iterator[str]:
    """Rule 2: nobody is sent to a mobile, or a landline, while all of that kind are dead here."""
    field = told.here.local(told.need.id).field
    lines = {Access.MOBILE: PhoneLine.MOBILE, Access.LANDLINE: PhoneLine.LANDLINE}
    for channel in told.shown:
        line = lines.get(told.channel(channel).access)
        kinds = {"mobile-voice", "landline", "999"}
        for s in field.statements if line else ():
            if s.is_down and s.incident.channel in kinds and line and s.is_of_every(line):
                yield f"{channel} is shown while {s.incident.id}: no {line} works"


def overdue_shows_both_routes(told: LawCase) -> Iterator[str]:
    """Rule 9: an unreviewed statement neither vanishes nor keeps diverting; its age is shown."""
    late = {s.incident.id for s in told.stated if s.overdue}
    for channel in told.route:
        about = told.of_channel(channel)
        if not about or not all(s.incident.id in late for s in about):
            continue
        kept = told.here.local(told.need.id).kept_free
        if not kept and channel not in told.shown and not told.is_marked_down(channel):
            yield f"{channel} is no longer shown, though nobody has reviewed why"
        if not late & {n.incident for n in told.advice.notices if n.overdue}:
            yield "the age of the statement is not shown"


def no_voice_is_the_sole_way(told: LawCase) -> Iterator[str]:
    """Who cannot hear or speak has a way that is not a voice call, whatever the need."""
    ways = [e for e in told.advice.entries if e.channel not in ("in-person", "wait")]
    spoken = [e for e in ways if told.channel(e.channel).kind in SPOKEN]
    forms = [f for e in spoken for f in e.forms]
    if spoken and len(spoken) == len(ways) and not forms:
        yield f"{', '.join(e.channel for e in spoken)}: voice alone, without text, sign or helper"


def _said(told: LawCase, code: Code, channels: set[str]) -> Iterator[str]:
    heard = set(told.advice.says(code))
    yield from (f"{code} is not said of {channel}" for channel in channels - heard)
    yield from (f"{code} is said of {channel}" for channel in heard - channels)


def services_are_asked_for(told: LawCase) -> Iterator[str]:
    """Rule 11: whoever rings 101 for a fire, or from the sea, is told to ask for the service."""
    on_101 = {"101"} & set(told.shown)
    nobody: set[str] = set()
    fire, sea = told.need.id == "fire-emergency", told.need.id == "coastguard"
    yield from _said(told, Code.ASK_FOR_FIRE, on_101 if fire else nobody)
    yield from _said(told, Code.ASK_FOR_COASTGUARD, on_101 if sea else nobody)


def risk_and_trouble_are_said(told: LawCase) -> Iterator[str]:
    """Rule 11: each channel at risk that is shown is named; so is what to use on trouble."""
    marked = {e.channel for e in told.advice.entries if e.at_risk}
    forms = {f.channel for e in told.advice.entries for f in e.forms if f.at_risk}
    yield from _said(told, Code.AT_RISK, marked | (forms - {"text-relay"}))
    after = [e for e in told.advice.then if e.channel not in told.route]
    if after and told.advice.first.mode in (Mode.TRY_FIRST, Mode.AS_USUAL) and told.stated:
        trouble = set(told.advice.says(Code.IF_STILL_TROUBLE_USE))
        beside = {e.channel for e in after if e.mode is Mode.TRY_FIRST}
        for channel in beside - trouble - {told.advice.first.channel}:
            yield f"if-still-trouble-use is not said of {channel}"


def test_calls_are_discouraged(told: LawCase) -> Iterator[str]:
    """Rule 11: any emergency while 999 is not ordinary, until it is resolved."""
    about = [s for s in told.stated if s.incident.channel == "999"]
    heard = bool(told.advice.says(Code.DO_NOT_TEST_CALL))
    if told.need.is_emergency and about and not heard:
        yield "do-not-test-call is not said"
    if heard and not (told.need.is_emergency and told.stated):
        yield "do-not-test-call is said"


def holding_is_said(told: LawCase) -> Iterator[str]:
    """Rule 11: who holds, or waits for a slow line, is told to stay on it."""
    for entry in told.advice.entries:
        slow = any(s.state is State.DELAYED for s in told.of_channel(entry.channel))
        if slow and entry.channel not in told.advice.says(Code.STAY_ON_LINE):
            yield f"stay-on-line is not said of {entry.channel}"


def the_source_is_said(told: LawCase) -> Iterator[str]:
    """Rule 12: what shaped the advice is named, with its issuer and its next review."""
    named = {n.incident for n in told.advice.notices}
    maybe = {s.incident.id for s in told.doubtful}
    if bool(told.advice.says(Code.LAST_UPDATED_AND_NEXT_REVIEW)) != bool(named - maybe):
        yield "last-updated-and-next-review does not go with the notices"
    for s in told.stated:
        routes = {told.channel(c).call for c in told.route} | set(told.route)
        if s.incident.channel in routes and s.incident.id not in named:
            yield f"{s.incident.id} shaped this and is not named"
    for avoided in told.advice.avoid:
        if avoided.channel in told.shown:
            yield f"{avoided.channel} is shown and to be avoided"


def kept_free_is_said(told: LawCase) -> Iterator[str]:
    """Rule 11: keep-off goes with a channel kept free, and with nothing else."""
    kept = {line.partition(" ")[0] for line in told.here.local(told.need.id).kept_free}
    if told.advice.says(Code.KEEP_OFF) and not told.advice.notices:
        yield "keep-off is said, and nobody is named who says so"
    for channel in told.advice.says(Code.KEEP_OFF):
        if channel not in kept:
            yield f"keep-off is said of {channel}"
    for channel in kept & set(told.route):
        silent = channel not in told.advice.says(Code.KEEP_OFF)
        if silent and told.channel(channel).relay_of not in kept:
            yield f"keep-off is not said of {channel}"


LAWS: tuple[Law, ...] = (
    something_is_left,
    what_is_shown_exists,
    nothing_down_is_shown,
    every_link_dials_its_number,
    at_risk_is_not_alone,
    the_mode_is_followed,
    what_carries_emergencies_is_kept_free,
    never,
    another_phone_cures_only_a_line,
    no_dead_kind_of_phone_is_shown,
    overdue_shows_both_routes,
    no_voice_is_the_sole_way,
    services_are_asked_for,
    risk_and_trouble_are_said,
    test_calls_are_discouraged,
    holding_is_said,
    the_source_is_said,
    kept_free_is_said,
)
