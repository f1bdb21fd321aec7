"""Advice as a text to copy or send, with its time and address: it outlives a fault."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from triage.engine.rulebook import Outcome
from triage.web.context.page_context import PageContext, prefix
from triage.web.presenters.faults import told
from triage.web.presenters.outcome import OutcomePage
from triage.web.presenters.sentences import name, plain
from triage.web.wording import dates


@dataclass(frozen=True)
class Shared:
    text: str
    sms: str


def share(here: PageContext, outcome: Outcome, view: OutcomePage, *, sensitive: bool) -> Shared:
    """The advice in one message, with its place. A sensitive one does not say what happened.

    Its time is that of the fault behind it; on an ordinary day the script that copies it adds the
    moment, so that the page's own bytes stay the same.
    """
    first = view.first
    lines = [first.label if not (first.number and first.verb) else f"{first.verb} {first.number}"]
    lines += [w.number or w.label for w in view.then[:2] if not sensitive]
    title = "" if sensitive else name(here, outcome.title) + ": "
    place = f"{here.area_name}. " if here.area else ""
    text = f"{place}{title}{' / '.join(line.rstrip('.') for line in lines)}."
    since = max((i.published_at for i in told(here)), default=None)
    if since is not None:
        text += f" {plain(here, 'share-as-of', time=dates.short(since, here.lang))}."
    path = f"{prefix(here.lang, here.slug)}advice/{outcome.address}/"
    text = f"{text} {here.origin}{path}"
    return Shared(text, f"sms:?&body={quote(text)}")
