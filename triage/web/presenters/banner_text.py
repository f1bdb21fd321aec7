"""The sentences of the banner: an instruction with the numbers in it that a finger may dial.

Which of them are said is banner.py's business (emergencies) and banner_other.py's (all else).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from triage.engine.situation import Mode
from triage.seeds.enum_words import of_mode
from triage.seeds.word_keys import WordKey
from triage.web.context.page_context import PageContext
from triage.web.presenters.contact import Contact
from triage.web.presenters.emergency_panel import Group, PanelVariant
from triage.web.presenters.sentences import plain

# The way of a group that is told another line than its usual one, where no emergency is meant.
INSTEAD = "instead"


@dataclass(frozen=True)
class BannerLine:
    """A sentence, and the numbers in it that a finger may dial.

    `small` is what to do besides calling: it stands after the ways to call.
    """

    text: str
    ways: tuple[Contact, ...] = ()
    small: bool = False


def emergencies(
    here: PageContext, told: Sequence[PanelVariant], because: str, key: WordKey
) -> Iterator[BannerLine]:
    """What the emergency services of a place are told; or of several nations, side by side.

    In a sentence with the fault where all are to call the same number first; `key` is of the
    words that join the two. What nations are told alike is said once, the rest under their names:
    what is right in one is wrong in another.
    """
    alike, apart = _parted(told)
    every = [*alike, *(group for variant in apart for group in variant.groups)]
    say = do
    if _is_shared(every):
        yield _heading(here, every, because, key)
        say = _otherwise
    else:
        yield BannerLine(capital(because) + ".")
    for where, group in _named(alike, apart):
        whom = f"{group.whom}:" if len(every) > 1 else ""
        if sentence := say(here, group, whom):
            yield BannerLine(f"{where}{capital(sentence)}.", dials(group))


def _heading(here: PageContext, every: Sequence[Group], because: str, key: WordKey) -> BannerLine:
    """The one instruction of all services. What stands behind a number is said in its own line."""
    first = replace(every[0], then=()) if every[0].first.number else every[0]
    sentence = do(here, first, plain(here, "do-emergency"))
    return BannerLine(plain(here, key, do=sentence, fault=because), dials(first))


def _is_shared(groups: Sequence[Group]) -> bool:
    """Whether all call the same number first, in the same way; or are told one thing."""
    firsts = {(group.first.number, group.mode) for group in groups}
    return len(groups) == 1 or (len(firsts) == 1 and bool(groups[0].first.number))


def _parted(told: Sequence[PanelVariant]) -> tuple[list[Group], list[PanelVariant]]:
    """What is the same in every variant; and each variant with what is left of it."""
    senses = [{s: g.sense[1:] for g in v.groups for s in g.services} for v in told]
    alike = {s for s, sense in senses[0].items() if all(o.get(s) == sense for o in senses)}
    common = [_of(group, alike) for group in told[0].groups]
    rest = [[_of(g, set(g.services) - alike) for g in v.groups] for v in told]
    left = zip(told, rest, strict=True)
    apart = [replace(v, groups=tuple(g for g in own if g.services)) for v, own in left]
    return [group for group in common if group.services], apart


def _of(group: Group, services: set[str]) -> Group:
    return replace(group, services=tuple(s for s in group.services if s in services))


def _named(alike: Sequence[Group], apart: Sequence[PanelVariant]) -> Iterator[tuple[str, Group]]:
    """Each group, after the name of its nation where it is not told everywhere."""
    yield from (("", group) for group in alike)
    for variant in apart:
        yield from ((f"{variant.where}. ", group) for group in variant.groups)


def _otherwise(here: PageContext, group: Group, whom: str) -> str:
    """What a group does where the first number, said above, does not connect; empty for none."""
    if not group.then or group.mode == Mode.HOLD or not group.first.number:
        return ""
    numbers = " / ".join(w.number or w.label for w in group.then)
    return plain(here, "do-else", whom=whom, number=numbers).strip()


def _instruction(group: Group) -> WordKey:
    return "do-instead" if group.mode == INSTEAD else of_mode(Mode(group.mode))[0]


def do(here: PageContext, group: Group, whom: str) -> str:
    """One group's instruction, without its full stop."""
    first = group.first
    instead = bool(first.number) and group.mode == INSTEAD
    key = _instruction(group) if first.number else "do-place"
    label = first.label.rstrip(".")
    # A long number says nothing of whose it is.
    whose = f" ({label})" if len(first.number) > 3 else ""
    place = whose if instead else label
    sentence = plain(here, key, whom=whom, number=first.number, place=place)
    if not group.then or group.mode == Mode.HOLD:
        return sentence
    if first.number:
        numbers = " / ".join(w.number or w.label for w in group.then)
        return plain(here, "do-then", do=sentence, number=numbers)
    return plain(here, "do-or", do=sentence, way=" / ".join(_way(w) for w in group.then))


def _way(way: Contact) -> str:
    """A way in the middle of a sentence: "call 101", or its name."""
    return f"{way.verb.lower()} {way.number}".strip() if way.number else way.label


def dials(group: Group) -> tuple[Contact, ...]:
    """The numbers of a group's instruction."""
    return tuple(w for w in (group.first, *group.then) if w.number)


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
