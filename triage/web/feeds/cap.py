"""An incident as a message of the Common Alerting Protocol, version 1.2 (OASIS, July 2010).

One identifier for life. Each change of what is said is a message of its own by its `sent` time:
the first is an Alert, the next ones Updates, the last a Cancel; each refers to all before it as
sender,identifier,sent. Elements stand in the order of the standard's schema, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from outage import bulletin
from outage.bulletin import Story
from triage.engine.catalogue import Footprint, Lang
from triage.engine.situation import FAILING, Incident
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.feeds.atom import authority, fit, give
from triage.web.pages.decorators import read_only
from triage.web.presenters import incident_phase
from triage.web.presenters.banner import touches_emergency
from triage.web.presenters.incident_phase import Phase
from triage.web.presenters.incident_text import IncidentText, told
from triage.web.presenters.scope_text import place
from triage.web.wording.dates import UK

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
ET.register_namespace("cap", NAMESPACE)
CAP = "application/cap+xml; charset=utf-8"
_LANGUAGES = {Lang.EN: "en-GB", Lang.CY: "cy-GB"}
# The standard advises that a headline has no more characters (3.2.2).
_HEADLINE = 160
_URGENCY = {Phase.PLANNED: "Future", Phase.LIVE: "Immediate", Phase.ENDED: "Past"}


@read_only
def message(request: HttpRequest, ident: str) -> HttpResponse:
    """The newest message of an incident. Raises Http404 for one that the public may not read."""
    reading = bulletin.reading()
    at = reading.moment
    published = incident_phase.published(reading.bulletin, rulebook().catalogue, at)
    story = next((s for s in published if s.id == ident), None)
    if story is None:
        raise Http404(ident)
    return give(request, alert(request, story, at), CAP, None)


def alert(request: HttpRequest, story: Story, at: datetime) -> ET.Element:
    """The message as it stands at a moment."""
    said = {lang: told(story, lang, at) for lang in Lang}
    changed = _sent(story, at)
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    _add(root, "identifier", identifier(story))
    _add(root, "sender", authority())
    _add(root, "sent", changed[-1])
    _add(root, "status", "Test" if settings.DEMO or story.pretend else "Actual")
    _add(root, "msgType", kind(story, at, changed))
    _add(root, "scope", "Public")
    if len(changed) > 1:
        before = (f"{authority()},{identifier(story)},{sent}" for sent in changed[:-1])
        _add(root, "references", " ".join(before))
    for lang, words in said.items():
        _info(root, request, story, at, lang, words)
    return root


def identifier(story: Story) -> str:
    """The same for life, without what the standard forbids: spaces, commas, < and &."""
    return "incident." + quote(story.id, safe="")


def _sent(story: Story, at: datetime) -> Sequence[str]:
    """The times of its messages so far, each once: times have no fractions of a second."""
    return tuple(dict.fromkeys(stamp(m) for m in incident_phase.moments(story, at)))


def stamp(moment: datetime) -> str:
    """A moment as the standard has it (3.3.2): the UK's own time, no fraction, never a Z."""
    return moment.astimezone(UK).replace(microsecond=0).isoformat()


def kind(story: Story, at: datetime, changed: Sequence[str]) -> str:
    if incident_phase.is_cancelled(story, at):
        return "Cancel"
    return "Alert" if len(changed) == 1 else "Update"


def _info(
    root: ET.Element,
    request: HttpRequest,
    story: Story,
    at: datetime,
    lang: Lang,
    words: IncidentText,
) -> None:
    info, incident = ET.SubElement(root, f"{{{NAMESPACE}}}info"), story.incident
    over = incident_phase.is_cancelled(story, at)
    now = Phase.ENDED if over else incident_phase.phase(story, at)
    _add(info, "language", _LANGUAGES[lang])
    _add(info, "category", "Infra")
    _add(info, "event", words.event)
    _add(info, "responseType", _response(words, over))
    _add(info, "urgency", _URGENCY[now])
    _add(info, "severity", _severity(incident))
    _add(info, "certainty", "Likely" if now is Phase.PLANNED else "Observed")
    _add(info, "onset", stamp(incident.since))
    if incident.ends_at:
        _add(info, "expires", stamp(incident.ends_at))
    if incident.issuer.name:
        _add(info, "senderName", incident.issuer.name)
    _add(info, "headline", words.title[:_HEADLINE])
    _add(info, "description", "\n".join(words.told))
    if words.do:
        _add(info, "instruction", "\n".join(words.do))
    page = f"{page_context.prefix(lang, None)}incident/{quote(story.id, safe='')}/"
    _add(info, "web", request.build_absolute_uri(page))
    for name, value in _parameters(incident):
        _pair(info, "parameter", name, value)
    for footprint in incident.scope.footprints:
        _area(info, lang, footprint)


def _response(words: IncidentText, over: bool) -> str:
    if over:
        return "AllClear"
    return "Execute" if words.do else "Monitor"


def _severity(incident: Incident) -> str:
    if incident.state not in FAILING:
        return "Minor"
    return "Severe" if touches_emergency(incident) else "Moderate"


def _parameters(incident: Incident) -> Iterator[tuple[str, str]]:
    yield "channel", incident.channel
    yield "state", str(incident.state)
    if incident.review_at and not incident.planned:
        yield "review", stamp(incident.review_at)
    for service in incident.scope.services:
        yield "service", str(service)
    for network in incident.scope.networks:
        yield "network", network
    for line in incident.scope.lines:
        yield "line", str(line)


def _area(info: ET.Element, lang: Lang, footprint: Footprint) -> None:
    area = ET.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", place(page_context.bare(lang, ""), footprint))
    _pair(area, "geocode", "footprint", str(footprint))


def _pair(parent: ET.Element, element: str, name: str, value: str) -> None:
    pair = ET.SubElement(parent, f"{{{NAMESPACE}}}{element}")
    _add(pair, "valueName", name)
    _add(pair, "value", value)


def _add(parent: ET.Element, name: str, said: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = fit(said)
