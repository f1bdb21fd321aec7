"""What subscribers are told: the steps of an incident's life, as the feeds have them, each once.

Called by whoever sends messages (manage.py deliver), never by a page. Who follows what, and that
nothing is told twice, is the subscriptions' own business.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings

from outage import bulletin
from outage.bulletin import Story, subscriptions
from triage.engine.catalogue import Lang, Service
from triage.engine.situation import Incident
from triage.rules import rulebook
from triage.seeds.word_keys import WordKey
from triage.web.context import page_context
from triage.web.feeds.entries import areas_of
from triage.web.presenters import incident_phase
from triage.web.presenters.faults import touches_emergency
from triage.web.presenters.incident_life import LifeStep, life
from triage.web.presenters.incident_text import told
from triage.web.presenters.sentences import plain

# What a deliverer missed while it was away longer is in the feeds, and old news.
STILL_NEWS = timedelta(hours=24)


def tell_all(at: datetime) -> int:
    """Write what is new to everybody who follows it; how many messages."""
    subscriptions.tidy(at)
    written = subscriptions.switched_off(_switched_off, at)
    for place in subscriptions.places():
        known = subscriptions.known(place)
        reading = bulletin.reading().bulletin
        for story in incident_phase.published(reading, rulebook().catalogue, at):
            written += _tell(place, story, known, at)
    return written


def _tell(place: str, story: Story, known: frozenset[str], at: datetime) -> int:
    steps = life(story, at, areas_of(place))
    written = 0
    for before, step in zip((None, *steps), steps, strict=False):
        key = f"{story.id}:{step.at.isoformat()}"
        if key in known or step.at < at - STILL_NEWS:
            continue
        words = {lang: _Words(story, step, before, lang) for lang in Lang}
        written += subscriptions.tell(
            place, key, story.id, step.at,
            lambda reader, words=words: words[Lang(reader.lang)].to(reader), at,  # type: ignore[misc]
        )  # fmt: skip
    return written


class _Words:
    """One step in one language, made once for all who read it."""

    def __init__(self, story: Story, step: LifeStep, before: LifeStep | None, lang: Lang) -> None:
        self.step, self.lang = step, lang
        self.text = told(step, lang, pretend=story.pretend)
        self.is_news = before is None or _heard(before, lang) != _heard(step, lang)
        page = f"{page_context.prefix(lang, None)}incident/{quote(story.id, safe='')}/"
        self.link = f"{settings.ORIGIN}{page}"

    def to(self, reader: subscriptions.Follower) -> subscriptions.SubscriberLetter | None:
        """What one subscriber is told. By mail only where something else is said than before: a
        check that was renewed wakes nobody."""
        if not _wants(reader, self.step.incident):
            return None
        if reader.by_mail and not self.is_news:
            return None
        here = page_context.bare(self.lang, "")
        end = (
            plain(here, "follow-leave-line"),
            f"{settings.ORIGIN}{reader.leave_path}",
        )
        lines = (*self.text.lines, *(("", *end, "") if reader.by_mail else ()))
        return subscriptions.SubscriberLetter(self.text.title, lines, self.link)


def _heard(step: LifeStep, lang: Lang) -> tuple[object, ...]:
    """What somebody who read it would say it said: not who said it when, nor when they look again.
    The words of a statement begin with what it was ("Updated: ")."""
    text = told(replace(step, own_words=None), lang, pretend=False)
    own = step.own_words.en.partition(": ")[2] if step.own_words else ""
    return text.title, text.where, text.do, own


def _wants(reader: subscriptions.Follower, incident: Incident) -> bool:
    kinds, services = {*reader.kinds}, {*reader.services}
    if kinds and follow_kind(incident) not in kinds:
        return False
    return not services or bool(services & services_of(incident))


def follow_kind(incident: Incident) -> subscriptions.FollowKind:
    """The same from its first word to its last."""
    if incident.planned:
        return subscriptions.FollowKind.PLANNED
    return (
        subscriptions.FollowKind.EMERGENCY
        if touches_emergency(incident)
        else subscriptions.FollowKind.OTHER
    )


def services_of(incident: Incident) -> frozenset[Service]:
    """Whose callers a fault touches: of the legs it names, or of every need that hangs on it."""
    if incident.scope.services:
        return frozenset(incident.scope.services)
    book = rulebook()
    return frozenset(
        service
        for need in book.needs.values()
        for service in need.services
        if any(incident.channel in book.touched_by(need.id, n) for n in need.routes)
    )


def _switched_off(lang: str, url: str) -> subscriptions.SubscriberLetter:
    here = page_context.bare(Lang(lang), "")
    subject: WordKey = "follow-off-subject"
    link = f"{settings.ORIGIN}{page_context.prefix(here.lang, None)}follow/"
    return subscriptions.SubscriberLetter(
        plain(here, subject), (plain(here, "follow-off", url=url),), link
    )
