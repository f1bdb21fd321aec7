"""The database -> a Bulletin: what is live, what ended lately, and every public story.

Only the watcher and the staff panel run this; no public request does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from outage.audit import past_days
from outage.audit.record import read
from outage.models import BulletinVersion, Event, Incident, Operator, Organisation, Proposal, Stage
from outage.statements import public_log, rights, timeline_entries, timeline_text
from outage.statements.contract import in_effect
from outage.statements.impact import with_this
from outage.statements.public_values import (
    Bulletin,
    Departure,
    Edit,
    Stated,
    Story,
    StoryEntry,
)
from outage.statements.statement import (
    PublishedStatement,
    Statement,
    channels_named,
    to_incidents,
)
from outage.statements.stored import issued_by
from outage.statements.transitions import meets
from triage.engine.catalogue import Footprint, FootprintKind, Text
from triage.engine.edition import CONTRACT
from triage.engine.situation import OVER, Status
from triage.rules import rulebook

# What ended lately is still known, so that a correction is known for one (advice.md, rule 11).
REMEMBERED = timedelta(hours=24)


@dataclass
class BulletinLoader:
    """Reads the database whole, but a story only once.

    An incident is read again when it moved, or when more of it is on record. Both count: a
    publication may fall between the reading of its row and that of its events, and a story of the
    two together must not be held for the new one.
    """

    held: dict[str, tuple[tuple[int, int], Story]] = field(default_factory=dict)
    log: tuple[int, Mapping[str, tuple[Edit, ...]]] = (0, {})

    def version(self) -> int:
        """The number of the newest publication: one row, one query."""
        row = BulletinVersion.objects.values_list("version", flat=True).filter(pk=1).first()
        return row or 0

    def forget(self) -> None:
        """Read everything again: the database may be another one."""
        self.held.clear()
        self.log = (0, {})

    def bulletin(self, at: datetime) -> Bulletin:
        """Everything published, in one consistent reading."""
        row = BulletinVersion.objects.filter(pk=1).first()
        rows = Incident.objects.exclude(published=None).filter(exercise=False)
        found = {r.slug: (r, PublishedStatement.model_validate(r.published)) for r in rows}
        told = {story.id: story for story in past_days.all_stories()}
        last = _last_events()
        told |= {slug: self._story(r, p, last.get(slug, 0)) for slug, (r, p) in found.items()}
        live = [p for r, p in found.values() if _is_known(r, p, at)]
        return Bulletin(
            version=row.version if row else 0,
            incidents=tuple(i for p in sorted(live, key=_key) for i in in_effect(p, rulebook())),
            changed_at=row.changed_at if row else None,
            stories=told,
            hosts=_hosts(),
            head=_head(),
            edits=self._log(last.get("", 0)),
        )

    def _log(self, last: int) -> Mapping[str, tuple[Edit, ...]]:
        """The log of what organisations changed of their own."""
        if self.log[0] != last:
            self.log = (last, _edits())
        return self.log[1]

    def _story(self, row: Incident, published: PublishedStatement, last: int) -> Story:
        read_at, held = (row.version, last), self.held.get(row.slug)
        if held is None or held[0] != read_at:
            told = story(row.slug, published, Event.objects.filter(incident=row.slug))
            held = self.held[row.slug] = (read_at, told)
        return held[1]


def _last_events() -> dict[str, int]:
    """The number of each incident's newest event."""
    newest = Event.objects.order_by().values("incident").annotate(last=Max("number"))
    return {row["incident"]: row["last"] for row in newest}


def _edits() -> Mapping[str, tuple[Edit, ...]]:
    """Each by the name and the territory that its organisation has now."""
    owners = {o.slug: (o, _areas(o)) for o in Organisation.objects.all()}
    found: dict[str, list[Edit]] = {}
    for event in Event.objects.filter(incident="", kind__in=public_log.KINDS).order_by("-number"):
        public = read(event)["data"].get("public")
        owner, areas = owners.get(event.organisation, (None, ()))
        if public and owner:
            issuer, words = Text(owner.name, owner.name_cy), Text(public["en"], public["cy"])
            for area in areas:
                found.setdefault(area, []).append(Edit(event.at, issuer, words))
    return {area: tuple(told) for area, told in found.items()}


def _areas(owner: Organisation) -> tuple[str, ...]:
    """The areas an organisation speaks for; "" where that is the UK or a nation."""
    catalogue = rulebook().catalogue
    own = [Footprint.parse(f) for f in owner.footprints]
    if any(f.kind in (FootprintKind.UK, FootprintKind.NATION) for f in own):
        return ("",)
    councils = {code: p.area for code, p in catalogue.place_of_council.items()}
    named = {councils.get(f.value) for f in own if f.kind is FootprintKind.COUNCIL}
    return tuple(
        slug
        for slug in catalogue.areas
        if slug in named or any(f.covers(catalogue.place(slug)) for f in own)
    )


def _key(published: PublishedStatement) -> tuple[datetime, str]:
    return published.first_published_at, published.id


def _is_known(row: Incident, published: PublishedStatement, at: datetime) -> bool:
    """Live, or over for less than a day. What has an end of its own is over at it."""
    ends = [i.ends_at for i in to_incidents(published)]
    if row.stage == Stage.LIVE:
        return any(end is None or end >= at - REMEMBERED for end in ends)
    return row.ended_at is not None and row.ended_at >= at - REMEMBERED


def _head() -> tuple[int, str]:
    newest = Event.objects.order_by("-number").values_list("number", "hash").first()
    return newest or (0, "")


def _hosts() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for owner in Organisation.objects.filter(active=True):
        for area in _areas(owner) if owner.widget_hosts else ():
            found.setdefault(area, set()).update(owner.widget_hosts)
    return {area: frozenset(hosts) for area, hosts in found.items()}


def story(slug: str, published: PublishedStatement, events: Iterable[Event]) -> Story:
    """The public story of one incident, newest entry first, from its events."""
    told = [(event, read(event)["data"]) for event in events]
    public = [(event, data["public"]) for event, data in told if data.get("public")]
    asked = timeline_entries.unanswered((event.number, p) for event, p in public)
    lines = [
        _entry(event, data, published, event.number in asked)
        for event, data in told
        if data.get("public")
    ]
    return Story(
        id=slug,
        title=timeline_text.title(_while_it_lasted(told, published), rulebook().catalogue),
        incident=to_incidents(published)[0],
        entries=tuple(sorted(lines, key=lambda e: e.at, reverse=True)),
        ended_at=published.ended_at or published.content.watch_until or published.content.ends_at,
        pretend=published.pretend,
        said=_own_words(published),
        stated=tuple(_stated(told)),
    )


def _own_words(published: PublishedStatement) -> Text:
    """What the issuer says in its own words, while it says it."""
    c = published.content
    if published.status is not Status.LIVE:
        return Text("", "")
    own = Text(c.words_en, c.words_cy or c.words_en)
    return timeline_text.join([own, Text(c.demand_note, c.demand_note)], " ")


def _stated(told: Iterable[tuple[Event, dict[str, Any]]]) -> Iterator[Stated]:
    """Every statement of an incident, oldest first."""
    said = [
        (event, data, PublishedStatement.model_validate(data["published"]))
        for event, data in told
        if "published" in data
    ]
    left = _left(said)
    for event, _, now in said:
        places = tuple(f for f, number in left.items() if number == event.number)
        departure = _departure(event.at, now, places) if places else None
        yield Stated(event.at, event.kind, to_incidents(now)[0], departure)


def _left(said: Iterable[tuple[Event, dict[str, Any], PublishedStatement]]) -> dict[str, int]:
    """Where it is over though it goes on elsewhere: each place with the event of its newest
    narrowing, unless a later publication took it in again."""
    gone: dict[str, int] = {}
    for event, data, now in said:
        places = data.get("public", {}).get("gone", ())
        if not places:
            again = now.content.footprints
            gone = {f: n for f, n in gone.items() if not meets(f, again, rulebook().catalogue)}
        gone |= dict.fromkeys(places, event.number)
    return gone


def _departure(at: datetime, now: PublishedStatement, places: tuple[str, ...]) -> Departure:
    content = now.content.model_copy(update={"footprints": places})
    there = now.model_copy(update={"content": content, "status": Status.ENDED})
    words = timeline_text.over_in(places, rulebook().catalogue)
    return Departure(at, to_incidents(there)[0], words)


def _while_it_lasted(
    told: list[tuple[Event, dict[str, Any]]], published: PublishedStatement
) -> Statement:
    """The last content in which something was the matter: a title outlives the fault."""
    said = [
        PublishedStatement.model_validate(d["published"]).content
        for _, d in told
        if "published" in d
    ]
    wrong = [content for content in said if content.state not in OVER]
    return wrong[-1] if wrong else published.content


def _entry(
    event: Event, data: Mapping[str, Any], published: PublishedStatement, open_: bool
) -> StoryEntry:
    public = data["public"]
    return StoryEntry(
        at=datetime.fromisoformat(public["at"]) if public.get("at") else event.at,
        kind=public["kind"],
        words=timeline_entries.words(public, open_=open_),
        issuer=public.get("issuer") or published.issuer.name,
        source=public.get("source", ""),
        source_url=public.get("source_url", ""),
        issuer_cy="" if public.get("issuer") else published.issuer.name_cy,
        **_about(data),
    )


def _about(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the statement of an event is about, and its channels; nothing for a mere comment."""
    if "published" not in data:
        return {}
    content = PublishedStatement.model_validate(data["published"]).content
    places = tuple(map(Footprint.parse, content.footprints))
    return {"footprints": places, "channels": channels_named(content)}


_LOADER = BulletinLoader()


def bulletin_loader() -> BulletinLoader:
    """The stories this process has already read."""
    return _LOADER


def proposed(row: Incident, content: Statement, at: datetime) -> PublishedStatement:
    """A content as it would stand, were it published at this moment."""
    before = PublishedStatement.model_validate(row.published) if row.published else None
    return PublishedStatement(
        id=row.slug,
        status=Status.LIVE,
        issuer=issued_by(row.organisation),
        content=content,
        first_published_at=before.first_published_at if before else at,
        published_at=at,
        pretend=row.pretend,
        contract=CONTRACT,
    )


def bulletin_with(row: Incident, content: Statement, at: datetime) -> Bulletin:
    """The bulletin as it would be with this content published."""
    now = bulletin_loader().bulletin(at)
    this = proposed(row, content, at)
    told = {**now.stories, row.slug: story(row.slug, this, _told_so_far(row))}
    return replace(
        now, incidents=with_this(now.incidents, to_incidents(this)), stories=told, changed_at=at
    )


def _told_so_far(row: Incident) -> Iterable[Event]:
    return Event.objects.filter(incident=row.slug)


def preview(user_id: int, number: int, at: datetime) -> Bulletin | None:
    """What a proposal would make of the bulletin; None where this user may not see it."""
    operator = Operator.objects.select_related("user", "organisation").filter(user_id=user_id)
    proposal = Proposal.objects.select_related("incident__organisation").filter(pk=number)
    who, what = operator.first(), proposal.first()
    held = rights.of(who) if who else None
    if held is None or not held.writes or what is None:
        return None
    content = Statement.model_validate(what.content)
    if not rights.may_look(held, what.incident.organisation.slug, content, rulebook().catalogue):
        return None
    return bulletin_with(what.incident, content, at)
