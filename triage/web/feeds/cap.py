"""An incident as messages of the Common Alerting Protocol, version 1.2 (OASIS, July 2010).

Every message has an identifier of its own: one who remembers identifiers drops what bears an old
one. Each step of an incident's life is a message: the first is an Alert, the next ones Updates,
the end a Cancel; each refers to all before it as sender,identifier,sent, so that who missed some
needs only the newest. Who is out of it while it goes on is sent a Cancel of their own. Elements
stand in the order of the standard's schema, section 3.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from outage import bulletin
from outage.bulletin import Story
from triage.engine.catalogue import Lang
from triage.engine.scope import is_overdue
from triage.engine.situation import FAILING, Incident, IssuerKind, State
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.feeds.cap_area import AlertArea, areas_of
from triage.web.feeds.entries import authority, fit, give
from triage.web.pages.decorators import read_only
from triage.web.presenters import incident_phase
from triage.web.presenters.faults import issuer, touches_emergency
from triage.web.presenters.incident_life import LifeStage, LifeStep, life, parts_over
from triage.web.presenters.incident_text import IncidentText, told
from triage.web.wording.dates import UK

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
ET.register_namespace("cap", NAMESPACE)
CAP = "application/cap+xml; charset=utf-8"
_LANGUAGES = {Lang.EN: "en-GB", Lang.CY: "cy-GB"}
# The standard advises that a headline has no more characters (3.2.2).
_HEADLINE = 160
# How long a message is good that names no moment of its own at which to look again.
_UNREVIEWED = timedelta(hours=24)


@read_only
def message(
    request: HttpRequest, ident: str, number: int | None = None, *, part: bool = False
) -> HttpResponse:
    """The newest message of an incident; or, by its number, one of them or the end of a part.

    Raises Http404 for what the public may not read, or what was never sent.
    """
    reading = bulletin.reading()
    at = reading.moment
    published = incident_phase.published(reading.bulletin, rulebook().catalogue, at)
    story = next((s for s in published if s.id == ident), None)
    if story is None:
        raise Http404(ident)
    steps = life(story, at)
    number = len(steps) if number is None else number
    sent = dict(parts_over(story, at)) if part else dict(enumerate(steps, 1))
    step = sent.get(number)
    if step is None:
        raise Http404(number)
    root = alert(request, story, steps[: number - 1], step)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return give(request, body, CAP, None)


def alert(
    request: HttpRequest, story: Story, before: Sequence[LifeStep], step: LifeStep
) -> ET.Element:
    """The message of a step of its life, after those before it."""
    texts = {lang: told(step, lang, pretend=story.pretend) for lang in Lang}
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    _add(root, "identifier", identifier(story, len(before) + 1, part=bool(step.gone)))
    _add(root, "sender", authority())
    _add(root, "sent", stamp(step.at))
    _add(root, "status", "Test" if settings.DEMO or story.pretend else "Actual")
    _add(root, "msgType", kind(before, step))
    _add(root, "scope", "Public")
    if before:
        _add(root, "references", " ".join(_reference(story, n, b) for n, b in enumerate(before, 1)))
    for lang, words in texts.items():
        _info(root, request, story, step, lang, words)
    return root


def identifier(story: Story, number: int, *, part: bool = False) -> str:
    """Of one message, without what the standard forbids: spaces, commas, < and &."""
    return f"incident.{quote(story.id, safe='')}.{number}{'.part' if part else ''}"


def _reference(story: Story, number: int, step: LifeStep) -> str:
    return f"{authority()},{identifier(story, number)},{stamp(step.at)}"


def stamp(moment: datetime) -> str:
    """A moment as the standard has it (3.3.2): the UK's own time, no fraction, never a Z."""
    return moment.astimezone(UK).replace(microsecond=0).isoformat()


def kind(before: Sequence[LifeStep], step: LifeStep) -> str:
    """Alert, Update or Cancel. There is nothing to cancel where nothing was sent."""
    if not before:
        return "Alert"
    return "Cancel" if step.stage.is_end else "Update"


def _info(
    root: ET.Element,
    request: HttpRequest,
    story: Story,
    step: LifeStep,
    lang: Lang,
    words: IncidentText,
) -> None:
    info, here = ET.SubElement(root, f"{{{NAMESPACE}}}info"), page_context.bare(lang, "")
    _add(info, "language", _LANGUAGES[lang])
    _add(info, "category", "Infra")
    _add(info, "event", words.event)
    _add(info, "responseType", response(step, words))
    _add(info, "urgency", urgency(step))
    _add(info, "severity", severity(step))
    _add(info, "certainty", certainty(step))
    for name, moment in _times(step):
        _add(info, name, stamp(moment))
    if step.incident.issuer.name:
        _add(info, "senderName", issuer(here, step.incident))
    _add(info, "headline", textwrap.shorten(words.title, _HEADLINE, placeholder=" …"))
    _add(info, "description", "\n".join(words.told))
    if words.do:
        _add(info, "instruction", "\n".join(words.do))
    page = f"{page_context.prefix(lang, None)}incident/{quote(story.id, safe='')}/"
    _add(info, "web", request.build_absolute_uri(page))
    for name, value in _parameters(step):
        _pair(info, "parameter", name, value)
    for area in areas_of(here, step):
        _area(info, area)


def _times(step: LifeStep) -> Iterator[tuple[str, datetime]]:
    """When it begins, and when the message lapses: no later than it is to be looked at again.

    An end has neither: what it ends stays ended, and nothing of it is still to come.
    """
    if step.stage.is_end:
        return
    told = step.incident
    yield "onset", told.since
    looks = () if told.planned else (told.review_at, told.confirm_by)
    due = [m for m in (*looks, told.ends_at) if m is not None and m > step.at]
    yield "expires", min(due, default=max(step.at, told.since) + _UNREVIEWED)


def response(step: LifeStep, words: IncidentText) -> str:
    """What people are to do, in the standard's words. A correction is no all-clear."""
    match step.stage:
        case LifeStage.OVER:
            return "AllClear"
        case LifeStage.CORRECTED:
            return "Monitor"
        case LifeStage.PLANNED:
            return "Prepare"
        case LifeStage.LIVE:
            return "Execute" if words.do else "Monitor"


def urgency(step: LifeStep) -> str:
    """How soon people are to act. What works again asks nothing of them any more."""
    if step.stage is LifeStage.PLANNED:
        return "Future"
    if step.stage.is_end or step.incident.state is State.RESTORED:
        return "Past"
    return "Immediate" if step.incident.state in FAILING else "Expected"


def severity(step: LifeStep) -> str:
    """How grave the fault is: extreme where nobody in a place reaches an emergency line at all."""
    told = step.incident
    if step.stage.is_end:
        return "Minor"
    if not touches_emergency(told):
        return "Moderate" if told.state in FAILING else "Minor"
    if told.state is State.DOWN:
        scope = told.scope
        limited = scope.services or scope.networks or scope.lines
        return "Severe" if limited else "Extreme"
    if told.state is State.MANY_FAILING:
        return "Severe"
    return "Moderate" if told.state in (State.DELAYED, State.DEGRADED) else "Minor"


def certainty(step: LifeStep) -> str:
    """How sure it is: what nobody looked at in time is no more than possible."""
    told = step.incident
    if step.stage.is_end:
        return "Observed"
    if is_overdue(told, step.at):
        return "Possible"
    unsure = told.confirm_by is not None or told.issuer.kind is IssuerKind.OTHER
    return "Likely" if unsure or step.stage is LifeStage.PLANNED else "Observed"


def _parameters(step: LifeStep) -> Iterator[tuple[str, str]]:
    told: Incident = step.incident
    yield "stage", str(step.stage)
    yield "channel", told.channel
    if not step.stage.is_end:
        yield "state", str(told.state)
        if told.review_at and not told.planned:
            yield "review", stamp(told.review_at)
    for service in told.scope.services:
        yield "service", str(service)
    for network in told.scope.networks:
        yield "network", network
    for line in told.scope.lines:
        yield "line", str(line)


def _area(info: ET.Element, told: AlertArea) -> None:
    area = ET.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", told.name)
    for ring in told.polygons:
        _add(area, "polygon", ring)
    for name, value in told.geocodes:
        _pair(area, "geocode", name, value)


def _pair(parent: ET.Element, element: str, name: str, value: str) -> None:
    pair = ET.SubElement(parent, f"{{{NAMESPACE}}}{element}")
    _add(pair, "valueName", name)
    _add(pair, "value", value)


def _add(parent: ET.Element, name: str, said: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = fit(said)
