"""Every pair of incidents: a channel that a need hangs on, beside any that is at stake for it.

The tests run these in pieces and say how many there were. Statements that have the same effect
on a need, and pairs that differ only in the names of place and channel, are proved once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from triage.engine.catalogue import Place
from triage.engine.lazy import lazy
from triage.engine.proof import Finding, Proof, Stated, by_place, here, prove_stated
from triage.engine.proof_classes import AT, NeedClass, Statements, is_plain
from triage.engine.rulebook import Rulebook
from triage.engine.scope import in_force, is_overdue
from triage.engine.situation import FAILING, Incident, State


@dataclass(frozen=True)
class Task:
    """All pairs of statements about two channels, for the needs in whose advice they meet."""

    place: Place
    first: str
    second: str
    classes: tuple[NeedClass, ...]


@dataclass(frozen=True)
class Pairs:
    """Every pair in a rulebook, as tasks that can be shared out."""

    rulebook: Rulebook

    @lazy
    def tasks(self) -> tuple[Task, ...]:
        """The tasks, heaviest first. What differs only in names stands in one of them."""
        seen: set[object] = set()
        found: list[Task] = []
        for place, classes in by_place(self.rulebook):
            met: dict[tuple[str, str], list[NeedClass]] = {}
            for made in classes:
                for a, b, shape in _meetings(made):
                    if shape not in seen:
                        seen.add(shape)
                        met.setdefault((a, b), []).append(made)
            found += [Task(place, a, b, tuple(c)) for (a, b), c in sorted(met.items())]
        return tuple(sorted(found, key=lambda task: -len(task.classes)))

    def part(self, number: int, of: int) -> Proof:
        """One part of the work, dealt out in turn."""
        proof = Proof()
        for task in self.tasks[number::of]:
            proof += self.prove(task)
        return proof

    def prove(self, task: Task) -> Proof:
        """Every law with every pair of statements of a task, and that order does not matter."""
        count, alike, found = 0, 0, list[Finding]()
        stands: dict[tuple[str, str], bool] = {}
        for stated in self._stated(task):
            met = [
                made
                for made in task.classes
                if all(self._stands(task, made, i, stands) for i in stated)
            ]
            if met:
                proof = prove_stated(self.rulebook, met, stated, None)
                count, alike = count + proof.situations, alike + proof.alike
                found += [*proof.findings, *_order_matters(stated)]
        return Proof(count, tuple(found), alike)

    def _stated(self, task: Task) -> Iterator[Stated]:
        known = self._known(task.place)
        if task.first == task.second:
            yield from _of_one(known, task.first)
            return
        first = list(known.by_service(task.first, later=False))
        if any(task.second in c.core for c in task.classes):
            later = list(known.by_service(task.second, later=True))
        else:
            # Beyond the route: what the presets say, beside the worst states.
            first = [i for i in first if not i.notices]
            later = list(known.at_worst(task.second, later=True))
        yield from ((a, b) for a in first for b in later)

    def _known(self, place: Place) -> Statements:
        return self._statements[place.nation]

    @lazy
    def _statements(self) -> dict[str, Statements]:
        return {p.nation: Statements(self.rulebook, p, c) for p, c in by_place(self.rulebook)}

    @lazy
    def _distincts(self) -> dict[object, frozenset[str]]:
        return {}

    @lazy
    def _effects(self) -> dict[object, tuple[object, object]]:
        return {}

    @lazy
    def _kept(self) -> dict[object, tuple[str, ...]]:
        return {}

    def _stands(
        self, task: Task, made: NeedClass, incident: Incident, known: dict[tuple[str, str], bool]
    ) -> bool:
        """Whether a statement stands for all that have the same effect on this need.

        Beside a statement that touches other channels, it makes no difference whether a mode is a
        notice's or the preset's; beside one that touches the same, it does.
        """
        key = made.need.id, incident.id
        if key not in known:
            known[key] = _name(incident) in self._distinct_of(task, made, incident.channel)
        return known[key]

    def _are_related(self, task: Task) -> bool:
        """Whether both channels touch one and the same: their words then compete."""
        pair = {task.first, task.second}
        return len(pair) == 1 or any(pair <= family for family in self._families)

    @lazy
    def _families(self) -> tuple[frozenset[str], ...]:
        """Each channel with the call it makes and all that it hangs on."""
        known, ancestors = self.rulebook.catalogue.channels, self.rulebook.catalogue.ancestors
        return tuple(frozenset({c, known[c].call, *ancestors[c]}) for c in known)

    def _distinct_of(self, task: Task, made: NeedClass, channel: str) -> frozenset[str]:
        apart, alone = not self._are_related(task), task.first == task.second
        key = made.place.nation, made.need.id, channel, apart, alone
        if key not in self._distincts:
            known = self._known(made.place)
            said = (known.by_anybody if alone else known.by_service)(channel, later=False)
            self._distincts[key] = frozenset(self._distinct(made, said, apart))
        return self._distincts[key]

    def _distinct(self, made: NeedClass, said: Iterable[Incident], apart: bool) -> Iterator[str]:
        effects: set[object] = set()
        # Of the two that weigh alike, what runs on backup stands for both: `at_worst` states it.
        for incident in sorted(said, key=lambda i: i.state is State.DEGRADED):
            effect = self._effect(made, incident)[0] if apart else self._effect(made, incident)
            if effect not in effects:
                effects.add(effect)
                yield _name(incident)

    def _effect(self, made: NeedClass, incident: Incident) -> tuple[object, object]:
        """All that a statement does to a need, as later steps see it; and by which rules."""
        key = made.place.nation, made.need.id, incident.id
        if key not in self._effects:
            self._effects[key] = self._work_out(made, incident)
        return self._effects[key]

    def _work_out(self, made: NeedClass, incident: Incident) -> tuple[object, object]:
        at = here(self.rulebook, made.place, (incident,))
        local = at.local(made.need.id)
        impacts = [local.impact(c) for c in made.stake]
        seen = tuple((_weight(i.worst), i.down, i.at_risk) for i in impacts)
        treated = tuple((c, t.mode, t.to, t.keeps_free) for c, t in local.treatments.items())
        said = incident.issuer.kind, is_overdue(incident, AT), _weight(incident.state)
        key = made.place.nation, incident.id
        if key not in self._kept:
            self._kept[key] = tuple(at.kept_free)
        rules = tuple(t.rule for t in local.treatments.values())
        return (said, seen, treated, self._kept[key]), rules


def _meetings(made: NeedClass) -> Iterator[tuple[str, str, object]]:
    """The pairs of channels that meet in a need, with what tells each pair from others."""
    for n, a in enumerate(made.core):
        for m, b in enumerate(made.stake):
            if m < n:
                continue
            nation = made.place.nation if "999" in (a, b) else ""
            yield a, b, (made.shape, n, m, nation)


def _name(incident: Incident) -> str:
    """What is stated and by whom, whenever it was said."""
    return incident.id.replace(" later", "").replace(" earlier", "")


def _weight(state: State | None) -> State | None:
    """The state as the laws weigh it. What runs on backup is degraded, with one word more; that
    word is proved with single incidents, and so is either state's preset."""
    return State.DEGRADED if state is State.ON_BACKUP else state


def _of_one(known: Statements, channel: str) -> Iterable[Stated]:
    """Two statements about one channel: the older and the newer may be anybody's.

    Beside a carrier, a government or an unreviewed word, a service speaks as its presets do, or
    diverts from what fails: in the other modes it says nothing that these could change.
    """
    older = list(known.by_service(channel, later=False))
    newer = list(known.by_service(channel, later=True))
    for a in older:
        yield from ((a, b) for b in newer)
    for a in filter(_is_usual, older):
        yield from ((a, b) for b in filter(_speaks, known.by_others(channel, later=True)))
        yield from ((a, b) for b in known.by_government(channel, later=True))
    for b in filter(_is_usual, newer):
        yield from ((a, b) for a in filter(_speaks, known.by_others(channel, later=False)))


def _is_usual(incident: Incident) -> bool:
    """Whether a service speaks as its presets do, or diverts from what fails."""
    return not incident.notices or (is_plain(incident) and incident.state in FAILING)


def _speaks(incident: Incident) -> bool:
    """Whether it is a carrier's, or diverts though nobody has reviewed it: what nobody has
    reviewed and the preset alone speaks for is proved with single incidents."""
    return bool(incident.notices) or not is_overdue(incident, AT)


def _order_matters(stated: Stated) -> Iterator[Finding]:
    """Rule 10: merging is commutative and idempotent. Advice is made from what is in force."""
    usual = in_force(stated, AT)
    if not in_force(stated[::-1], AT) == usual == in_force(stated + stated, AT):
        yield Finding("order", ", ".join(i.id for i in stated), "order matters")
