"""The words of an incident's public timeline: title and entries, in both languages.

Words come from seeds/words/timeline.toml and the catalogue. What stands in an event is made here
once, when it is written: a later change of words does not change the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from outage.statements.statement import Statement, StatementNotice
from triage.engine.catalogue import Catalogue, Footprint, FootprintKind, Nation, Text
from triage.engine.situation import Mode
from triage.rules import rulebook, words
from triage.seeds.enum_words import of_mode, of_state
from triage.seeds.word_keys import WordKey

_MOST_PLACES = 3
# What an event of the record is called on the timeline.
SAID: Mapping[str, WordKey] = {
    "declared": "staff-said-declared",
    "planned": "staff-said-planned",
    "amended": "staff-said-amended",
    "adopted": "staff-said-adopted",
    "narrowed": "staff-said-narrowed",
    "watched": "staff-said-watched",
    "stood-down": "staff-said-stood-down",
    "superseded": "staff-said-superseded",
    "confirmed": "staff-said-confirmed",
    "reopened": "staff-said-reopened",
    "taken-back": "staff-said-taken-back",
}
_DEAF: Mapping[str, WordKey] = {
    "working": "staff-deaf-working",
    "not-working": "staff-deaf-not-working",
    "not-known": "staff-deaf-not-known",
}
_NATIONS: Mapping[Nation, WordKey] = {
    Nation.ENGLAND: "staff-place-england",
    Nation.WALES: "staff-place-wales",
    Nation.SCOTLAND: "staff-place-scotland",
    Nation.NORTHERN_IRELAND: "staff-place-northern-ireland",
}
_BRACES = re.compile(r"\{([a-z0-9-]+)\}")


def word(key: WordKey) -> Text:
    """The words of a key."""
    return words()[key]


def join(parts: Iterable[Text], by: str) -> Text:
    found = [p for p in parts if p.en]
    return Text(by.join(p.en for p in found), by.join(p.cy or p.en for p in found))


def place(footprint: str, catalogue: Catalogue) -> Text:
    """The name of a footprint as people say it."""
    f = Footprint.parse(footprint)
    if f.kind is FootprintKind.UK:
        return word("staff-place-uk")
    if f.kind is FootprintKind.NATION:
        return word(_NATIONS[Nation(f.value)])
    if f.kind is FootprintKind.COUNCIL:
        return catalogue.council_names[f.value]
    service = f.service
    assert service is not None
    return catalogue.bodies[(service, f.value)].name


def places(footprints: tuple[str, ...], catalogue: Catalogue) -> Text:
    names = [place(f, catalogue) for f in footprints[:_MOST_PLACES]]
    if len(footprints) > _MOST_PLACES:
        names.append(word("staff-place-and-more"))
    return join(names, ", ")


def all_places(footprints: Iterable[str], catalogue: Catalogue) -> Text:
    """The names of all of them, for an operator who must know which."""
    return join((place(f, catalogue) for f in footprints), ", ")


def name(channel: str, catalogue: Catalogue) -> Text:
    """A channel's label with the numbers in it."""
    return numbered(catalogue.channels[channel].label, catalogue)


def numbered(words: Text, catalogue: Catalogue) -> Text:
    """Words with the numbers in place of their braces."""
    return Text(_numbered(words.en, catalogue), _numbered(words.cy, catalogue), words.review)


def _numbered(words: str, catalogue: Catalogue) -> str:
    known = catalogue.channels
    return _BRACES.sub(lambda m: (m[1] in known and catalogue.number(m[1])) or m[1], words)


def title(content: Statement, catalogue: Catalogue) -> Text:
    """Channel, state and places: "999: many attempts are failing (Leicestershire Police)"."""
    label = name(content.channel, catalogue)
    state = word(of_state(content.state).staff)
    where = places(content.footprints, catalogue)
    return Text(f"{label.en}: {state.en} ({where.en})", f"{label.cy}: {state.cy} ({where.cy})")


def sentence(kind: str, content: Statement, catalogue: Catalogue, gone: Sequence[str] = ()) -> Text:
    """What the timeline says of a publication, with the issuer's own words and the cause. What ends
    it repeats nothing of what was said before; what narrows it names first where it is over."""
    said = word(SAID[kind])
    if kind in ("stood-down", "watched", "superseded", "confirmed"):
        return said
    if kind == "narrowed":
        over = _full(join([said, all_places(gone, catalogue)], " "))
        rest = join([word("staff-said-goes-on"), title(content, catalogue)], ": ")
        return join([over, _full(rest)], " ")
    own = Text(content.words_en, content.words_cy)
    lead = join([said, told(content, catalogue)], ": ")
    unknown = word("staff-areas-unknown") if content.areas_unknown else Text("", "")
    return join([lead, unknown, own, _cause(content), _deaf(content, catalogue)], " ")


def over_in(places: Iterable[str], catalogue: Catalogue) -> Text:
    """What those are told whom a narrowed statement left: over, there."""
    return _full(join([word("staff-said-narrowed"), all_places(places, catalogue)], " "))


def _full(words: Text) -> Text:
    return Text(f"{words.en}.", f"{words.cy}.")


def _deaf(content: Statement, catalogue: Catalogue) -> Text:
    """Every notice of 999 says how it stands for people who sign or type."""
    if content.channel != "999":
        return Text("", "")
    return numbered(word(_DEAF[content.deaf]), catalogue)


def told(content: Statement, catalogue: Catalogue) -> Text:
    """What is the matter and what each need is told: "999: ... Police emergency: go straight to
    101." A channel without a number is named by its label."""
    lead = title(content, catalogue)
    notices = [_notice(n, catalogue) for n in content.notices]
    return join([Text(f"{lead.en}.", f"{lead.cy}."), *notices], " ")


def _notice(notice: StatementNotice, catalogue: Catalogue) -> Text:
    need = rulebook().needs[notice.need].name if notice.need in rulebook().needs else None
    alone = notice.mode is Mode.AS_USUAL and not notice.to
    mode = word("staff-mode-as-usual-alone" if alone else of_mode(notice.mode))
    to = join([short(channel, catalogue) for channel in notice.to], ", ")
    said = join([mode, to], " ")
    own = Text(notice.words_en, notice.words_cy)
    lead = need or Text(notice.need, notice.need)
    return join([Text(f"{lead.en}: {said.en}.", f"{lead.cy}: {said.cy}."), own], " ")


def short(channel: str, catalogue: Catalogue) -> Text:
    """A channel's number, or its label where it has none."""
    number = catalogue.number(channel)
    return Text(number, number) if number else name(channel, catalogue)


def _cause(content: Statement) -> Text:
    if not content.cause_en:
        return Text("", "")
    lead, doubt = word("staff-cause"), word("staff-cause-unconfirmed")
    if content.cause_confirmed:
        doubt = Text("", "")
    by = f" ({content.cause_by})" if content.cause_by else ""
    cause = Text(content.cause_en + by, (content.cause_cy or content.cause_en) + by)
    said = join([cause, doubt], ", ")
    return Text(f"{lead.en}: {said.en}.", f"{lead.cy}: {said.cy}.")
