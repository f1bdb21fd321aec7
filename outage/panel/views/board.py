"""The board: the staff start page. Switches, what is live, what waits, what needs a look.

Reads only. What a switch leads to is declare.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from outage.models import Incident, Proposal, Stage
from outage.notify import outbox
from outage.panel import typed
from outage.panel.access import done, page, staff
from outage.panel.forms.posted import REVIEWS
from outage.signals import alarms
from outage.signals import board as signal_board
from outage.statements import (
    approval,
    channel_rights,
    form_options,
    operator_text,
    rights,
    timeline_text,
)
from outage.statements.actor import Actor
from outage.statements.contract import in_effect, outdated
from outage.statements.contradictions import Clash, clashes
from outage.statements.rights import Rights
from outage.statements.statement import PublishedStatement, Statement, digest, sense, to_incidents
from outage.workflow import additions, shifts
from triage import reported_numbers
from triage.engine.catalogue import Catalogue, Footprint
from triage.engine.scope import is_overdue
from triage.engine.situation import State
from triage.rules import rulebook
from triage.seeds.enum_words import of_state


@dataclass(frozen=True)
class Live:
    """A published incident as the board shows it."""

    row: Incident
    published: PublishedStatement
    title: str
    places: str
    advice: tuple[str, ...]
    overdue: bool
    # What today's rules would refuse in what was approved under older ones.
    outdated: tuple[str, ...]
    unconfirmed: bool
    lapsed: bool
    welsh_late: bool
    watching: bool
    planned_later: bool
    mine: bool
    may_confirm: bool
    renew_for: str
    adopt: bool
    readopt: bool
    source_over: bool
    source: Incident | None


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits for somebody."""

    proposal: Proposal
    title: str
    mine: bool
    may_approve: bool


@dataclass(frozen=True)
class Switch:
    channel: str
    label: str
    state: str
    worst: str
    slug: str


@dataclass(frozen=True)
class BoardPlace:
    footprint: str
    name: str
    switches: tuple[Switch, ...]


@require_safe
@staff
def board(request: HttpRequest, by: Actor) -> HttpResponse:
    """Everything an operator must see at 3 a.m., most urgent first."""
    lives = live(by)
    open_ones = waiting(by)
    real = [item for item in lives if not item.row.exercise]
    context = {
        "writes": by.rights.writes,
        "signals": signal_board.lines(by),
        "places": places(by.rights, real, by.at),
        "alarms": [x for x in real if x.unconfirmed],
        "overdue": [x for x in real if x.overdue and not x.unconfirmed],
        "live": [x for x in real if x.mine and not (x.overdue or x.unconfirmed)],
        "others": [x for x in real if not x.mine],
        "exercises": [x for x in lives if x.row.exercise and x.mine],
        "to_approve": [x for x in open_ones if x.may_approve],
        "drafts": [x for x in open_ones if x.mine],
        "clashes": tuple(_clashes(by, real)),
        "all_live": [i for x in real for i in to_incidents(x.published)],
        "welsh_late": [x for x in real if x.welsh_late and x.mine],
        "additions": [(a, by.rights.writes and a.author != by.name) for a in additions.waiting(by)],
        "hand_overs": shifts.unread(by),
        "unreachable": outbox.unreachable(by.operator.organisation),
        "unfinished": typed.unfinished(by.operator.user.pk),
        "wrong_numbers": _wrong_numbers(by.at),
        "mark": _mark(lives, open_ones, by),
    }
    return page(request, "staff/board.html", context)


def _wrong_numbers(at: datetime) -> list[tuple[str, str, int]]:
    """What visitors called wrong yesterday: the channel, its number, and how often."""
    day = at.date() - timedelta(days=1)
    told = reported_numbers.reported(day, day)
    number = rulebook().catalogue.number
    known = rulebook().catalogue.channels
    return [(c, number(c) or "", n) for (_, c), n in told.items() if c in known]


@require_POST
@staff
def stay(request: HttpRequest, by: Actor) -> HttpResponse:
    """ "I am still here": the session begins its half hour anew (middleware.py)."""
    return HttpResponse(status=204)


@require_POST
@staff
def mute(request: HttpRequest, by: Actor) -> HttpResponse:
    """Tell nobody of a channel at a place for an hour, with the reason on the record."""
    post = request.POST
    alarms.mute(by, post.get("channel", ""), post.get("place", ""), post.get("reason", ""))
    return done(request, "Muted for an hour. It stays on the board.", "staff:board")


@require_safe
@staff
def mark(request: HttpRequest, by: Actor) -> HttpResponse:
    """What an open board asks every half minute: whether it would show something else by now. It
    keeps nobody signed in (middleware.py)."""
    return HttpResponse(_mark(live(by), waiting(by), by), content_type="text/plain; charset=utf-8")


def _mark(lives: Iterable[Live], open_ones: Iterable[Waiting], by: Actor) -> str:
    """A hash of what the board tells: another one, and it has something new to tell."""
    told = [
        (x.row.slug, x.row.version, x.overdue, x.lapsed, x.welsh_late, x.readopt, x.planned_later)
        for x in lives
    ]
    waits = [(x.proposal.pk, x.proposal.version, x.may_approve) for x in open_ones]
    return digest([told, waits, signal_board.mark(by)])


def live(by: Actor) -> list[Live]:
    """What is published and not over, worst and newest first."""
    rows = Incident.objects.select_related("organisation").filter(stage=Stage.LIVE)
    sources = {row.slug: row for row in rows}
    found = [(row, PublishedStatement.model_validate(row.published)) for row in rows]
    current = [(row, p) for row, p in found if not _is_over(p, by.at)]
    ordered = sorted(current, key=lambda pair: (pair[1].content.state.rank, -pair[0].pk))
    adopted = {p.content.adopted_from for row, p in current if _is_own(by, row)}
    return [_live(by, row, p, sources, adopted) for row, p in ordered]


def _is_own(by: Actor, row: Incident) -> bool:
    return row.organisation_id == by.operator.organisation_id


def _is_over(p: PublishedStatement, at: datetime) -> bool:
    ends = [i.ends_at for i in to_incidents(p)]
    return all(end is not None and end <= at for end in ends)


def _live(
    by: Actor,
    row: Incident,
    p: PublishedStatement,
    sources: dict[str, Incident],
    adopted: set[str | None],
) -> Live:
    catalogue, c = rulebook().catalogue, p.content
    mine = rights.may_see(by.rights, row.organisation.slug)
    overdue = is_overdue(in_effect(p, rulebook())[0], by.at)
    source = sources.get(c.adopted_from or "")
    return Live(
        row=row,
        published=p,
        title=timeline_text.title(c, catalogue).en,
        places=timeline_text.places(c.footprints, catalogue).en,
        advice=operator_text.advice(c, rulebook()),
        overdue=overdue,
        outdated=outdated(p, rulebook()),
        unconfirmed=p.confirm_by is not None,
        lapsed=p.confirm_by is not None and p.confirm_by <= by.at,
        welsh_late=c.welsh_due is not None and c.welsh_due <= by.at,
        watching=c.watch_until is not None,
        planned_later=c.starts_at is not None and c.starts_at > by.at,
        mine=mine,
        may_confirm=_may_confirm(by, row, p),
        renew_for=_renew_for(by, row, c, p.confirm_by is not None),
        adopt=_may_adopt(by, row) and row.slug not in adopted,
        readopt=bool(c.adopted_from) and (source is None or _says(source) != c.adopted_sense),
        source_over=source is None,
        source=source if _is_own(by, row) else None,
    )


def _says(row: Incident) -> str:
    return sense(PublishedStatement.model_validate(row.published).content)


def _renew_for(by: Actor, row: Incident, content: Statement, unconfirmed: bool) -> str:
    """For how long "still so" holds; empty where this person may not say it or it has no review."""
    if (
        content.review_at is None
        or content.watch_until
        or unconfirmed
        or rights.refusal(by.rights, row.organisation)
    ):
        return ""
    span = approval.review_after(content.channel, content.state)
    return REVIEWS[f"{span.total_seconds() / 60:.0f}"]


def _may_confirm(by: Actor, row: Incident, p: PublishedStatement) -> bool:
    catalogue = rulebook().catalogue
    reason = rights.may_approve(by.rights, row.organisation.slug, p.content, catalogue)
    return p.confirm_by is not None and reason is None and not _wrote(by, row)


def _wrote(by: Actor, row: Incident) -> bool:
    """Whether this person wrote what is live: then another one confirms it."""
    last = row.proposals.filter(stage=Stage.LIVE).order_by("-changed_at").first()
    return last is not None and by.name in (*last.authors, last.approved_by)


def _may_adopt(by: Actor, row: Incident) -> bool:
    """Anybody's live statement may be said for one's own area, by whoever may speak of it."""
    owner = by.operator.organisation
    channel = rulebook().catalogue.channels.get(row.channel)
    able = by.rights.writes and not by.rights.national and not _is_own(by, row) and not row.exercise
    return able and channel is not None and channel_rights.may_state(owner, channel)


def _meeting(own: Sequence[str], theirs: Sequence[str], catalogue: Catalogue) -> list[str]:
    areas = [catalogue.place(slug) for slug in catalogue.areas]
    others = [Footprint.parse(f) for f in theirs]
    return [
        f
        for f in own
        if any(Footprint.parse(f).covers(a) and any(o.covers(a) for o in others) for a in areas)
    ]


def waiting(by: Actor) -> list[Waiting]:
    """Open proposals this operator may see: to go on writing, or to approve."""
    rows = Proposal.objects.select_related("incident__organisation").filter(
        stage__in=[Stage.DRAFT, Stage.SUBMITTED]
    )
    return [item for row in rows if (item := _waiting(by, row)) is not None]


def _waiting(by: Actor, row: Proposal) -> Waiting | None:
    content = Statement.model_validate(row.content)
    catalogue = rulebook().catalogue
    owner = row.incident.organisation.slug
    mine = rights.may_see(by.rights, owner)
    able = rights.may_approve(by.rights, owner, content, catalogue) is None
    able = able and row.stage == Stage.SUBMITTED and by.name not in row.authors
    if not (mine or able):
        return None
    return Waiting(row, timeline_text.title(content, catalogue).en, mine, able)


def places(held: Rights, real: Sequence[Live], at: datetime) -> tuple[BoardPlace, ...]:
    """The operator's own places, each with its switches and what is said of them now."""
    book = rulebook()
    return tuple(
        BoardPlace(
            choice.value,
            choice.label,
            tuple(_switch(channel, choice.value, real, at) for channel in _channels(held)),
        )
        for choice in form_options.own_places(held, book, ())
    )


def _channels(held: Rights) -> tuple[str, ...]:
    return form_options.board_channels(held)


def _switch(channel: str, footprint: str, real: Iterable[Live], at: datetime) -> Switch:
    catalogue = rulebook().catalogue
    said = [
        item
        for item in real
        if item.published.content.channel == channel
        and _meeting([footprint], item.published.content.footprints, catalogue)
        and not item.planned_later
    ]
    worst = min(said, key=lambda item: item.published.content.state.rank, default=None)
    label = timeline_text.name(channel, catalogue).en
    if worst is None:
        return Switch(channel, label, "as usual", str(State.RESOLVED), "")
    state = worst.published.content.state
    words = timeline_text.word(of_state(state).staff).en
    whole = any(f in ("uk", footprint) for f in worst.published.content.footprints)
    slug = worst.row.slug if worst.mine and whole else ""
    return Switch(channel, label, words if whole else f"{words}, in places", str(state), slug)


def _clashes(by: Actor, real: Sequence[Live]) -> Iterator[tuple[Live, Clash]]:
    """Statements of this operator's care that contradict another, each pair once."""
    known = [i for item in real for i in to_incidents(item.published)]
    seen: set[frozenset[str]] = set()
    for item in real:
        if not item.mine:
            continue
        for clash in clashes(rulebook(), known, to_incidents(item.published)[0], by.at):
            pair = frozenset((item.row.slug, clash.incident.id))
            if pair not in seen:
                yield item, clash
            seen.add(pair)
