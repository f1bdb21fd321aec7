"""Advice as a text to copy or send, with its time and address: it outlives a fault."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from triage.engine.rulebook import Outcome
from triage.web.context.page_context import PageContext, prefix
from triage.web.presenters.banner import told
from triage.web.presenters.outcome import OutcomePage
from triage.web.presenters.sentences import name, plain
from triage.web.wording import dates


@dataclass(frozen=True)
class Shared:
    text: str
    sms: str


def share(here: PageContext, outcome: Outcome, view: OutcomePage, *, sensitive: bool) -> Shared:
    """The advice in one message. A sensitive one does not say what happened."""
    first = view.first
    lines = [] if sensitive else [name(here, outcome.title) + ":"]
    lines.append(f"{first.verb} {first.number}" if first.number and first.verb else first.label)
    lines += [w.number or w.label for w in view.then[:2] if not sensitive]
    text = f"{lines[0]} {' / '.join(lines[1:])}" if len(lines) > 1 else lines[0]
    since = max((i.published_at for i in told(here)), default=None)
    if since is not None:
        text += f". {plain(here, 'share-as-of', time=dates.short(since, here.lang))}"
    path = f"{prefix(here.lang, here.slug)}advice/{outcome.address}/"
    text = f"{text}. {here.origin}{path}"
    return Shared(text, f"sms:?&body={quote(text)}")
