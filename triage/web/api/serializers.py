"""Engine values -> the plain values of the API's answers. Pure, but for the words it fills.

Numbers stand in the words as digits here: whoever shows them needs no table of ours. Requests
and their errors are the business of views.py and framework.py.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from outage.bulletin import Story, StoryEntry
from triage.engine.advice import Advice, to_json
from triage.engine.catalogue import (
    Area,
    Body,
    Catalogue,
    Channel,
    ChannelKind,
    Fact,
    Lang,
    Nation,
    Service,
    Text,
    dial,
)
from triage.engine.edition import edition, touching
from triage.engine.rulebook import Outcome, Question, Rulebook
from triage.engine.scope import in_force, is_overdue, number_is_good
from triage.engine.situation import Code, Incident, LocalNumber, Notice, State
from triage.web.presenters.incident_phase import Phase, channel_name, is_pretend, phase, touched
from triage.web.wording.catalogue import fill

Value = dict[str, Any]


def text(words: Text) -> Value:
    return {"en": fill(words, Lang.EN), "cy": fill(words, Lang.CY)}


def _maybe(words: Text | None) -> Value | None:
    return text(words) if words else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def advice(rulebook: Rulebook, given: Advice) -> Value:
    """Advice as advice.md has it, with the digits in its labels and the words of its codes."""
    return _worded(rulebook, to_json(given))


def _worded(rulebook: Rulebook, body: Value) -> Value:
    """Fills the labels and adds the words, wherever an advice stands within an advice."""
    for entry in (body["first"], *body["then"]):
        entry["label"] = text(Text(**entry["label"]))
    for said in body["say"]:
        said["words"] = _said(rulebook, Code(said["code"]), said["channel"])
    for short in (*body.get("nations", {}).values(), *body.get("elsewhere", ())):
        _worded(rulebook, short)
    return body


def _said(rulebook: Rulebook, code: Code, channel: str | None) -> Value:
    names = channel_name(rulebook.catalogue, channel) if channel else Text("", "")
    words = rulebook.codes[code]
    named = {lang: fill(names, lang) for lang in (Lang.EN, Lang.CY)}
    return {lang: fill(words, lang).replace("{channel}", name) for lang, name in named.items()}


def status(
    rulebook: Rulebook, incidents: tuple[Incident, ...], at: datetime, area: str | None
) -> list[Value]:
    """What is in force, for one area or for every one that there is."""
    slugs = [area] if area else list(rulebook.catalogue.areas)
    return [_area_status(rulebook, incidents, at, slug) for slug in slugs]


def _area_status(
    rulebook: Rulebook, incidents: tuple[Incident, ...], at: datetime, slug: str
) -> Value:
    here = [
        i
        for i in touching(rulebook, in_force(incidents, at), slug)
        if i.state is not State.RESOLVED
    ]
    worst: dict[str, State] = {}
    for incident in here:
        held = worst.get(incident.channel, incident.state)
        worst[incident.channel] = min(held, incident.state, key=lambda state: state.rank)
    return {
        "area": slug,
        "edition": edition(rulebook, incidents, at, slug),
        "channels": {channel: str(state) for channel, state in sorted(worst.items())},
        "incidents": [i.id for i in here],
    }


def incident(rulebook: Rulebook, story: Story, at: datetime, cap: str) -> Value:
    """An incident with its public timeline. `cap` is the address of its CAP message."""
    told, now = story.incident, phase(story, at)
    return {
        "id": story.id,
        "phase": str(now),
        "title": text(story.title),
        "channel": told.channel,
        "state": str(told.state),
        "scope": _scope(rulebook, told),
        "issuer": {"name": told.issuer.name, "kind": str(told.issuer.kind)},
        **{name: _moment(getattr(told, name)) for name in _TIMES},
        "ended_at": _moment(story.ended_at),
        "overdue": now is Phase.LIVE and is_overdue(told, at),
        "planned": told.planned,
        "pretend": is_pretend(story, at),
        "supersedes": told.supersedes,
        "demand_note": told.demand_note,
        "typical_delay_seconds": told.typical_delay_seconds,
        "degraded_features": [str(f) for f in told.degraded_features],
        "keep_free": list(told.keep_free),
        "notices": [_notice(n) for n in told.notices],
        "numbers": [_number(n) for n in told.numbers if _may_show(n, now, at)],
        "timeline": [_entry(e) for e in story.entries],
        "cap": cap,
    }


_TIMES = ("published_at", "starts_at", "review_at", "ends_at", "callbacks_until")


def _scope(rulebook: Rulebook, told: Incident) -> Value:
    scope = told.scope
    return {
        "footprints": [str(f) for f in scope.footprints],
        "services": [str(s) for s in scope.services],
        "networks": list(scope.networks),
        "lines": [str(line) for line in scope.lines],
        "areas": list(touched(rulebook, told)),
    }


def _notice(notice: Notice) -> Value:
    words = text(Text(notice.words_en, notice.words_cy))
    return {"need": notice.need, "mode": str(notice.mode), "to": list(notice.to), "words": words}


def _may_show(number: LocalNumber, now: Phase, at: datetime) -> bool:
    """A local number exists only while its incident is in force and its check is good."""
    return now is Phase.LIVE and number_is_good(number, at)


def _number(number: LocalNumber) -> Value:
    return {
        "number": number.number,
        "footprint": str(number.footprint),
        "verified_at": number.verified_at.isoformat(),
        "valid_until": _moment(number.valid_until),
    }


def _entry(entry: StoryEntry) -> Value:
    return {
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "words": text(entry.words),
        "issuer": entry.issuer,
        "source": entry.source,
        "source_url": entry.source_url,
    }


def area(catalogue: Catalogue, place: Area) -> Value:
    return {
        "slug": place.slug,
        "name": text(place.name),
        "nation": str(place.nation),
        "region": place.region,
        "police": _body(catalogue.bodies[(Service.POLICE, place.police)]),
        "fire": _body(catalogue.bodies[(Service.FIRE, place.fire)]),
        "ambulance": _body(catalogue.bodies[(Service.AMBULANCE, place.ambulance)]),
        "councils": [{"code": c.code, "name": text(c.name)} for c in place.councils],
        "postcode_letters": list(place.postcode_letters),
    }


def _body(body: Body) -> Value:
    return {"slug": body.slug, "name": text(body.name), "site": body.site}


def channel(catalogue: Catalogue, given: Channel, nation: Nation | None) -> Value:
    """A channel as it is in ordinary times, in the words of a nation or of the UK."""
    words = given.words(nation)
    number = catalogue.number(given.id)
    return {
        "id": given.id,
        "kind": str(given.kind),
        "label": text(words.label or given.label),
        "what": text(words.what or given.what),
        "how": [text(line) for line in words.how or ()],
        "number": number,
        "href": _href(given, number),
        "url": words.url,
        "nations": sorted(str(n) for n in given.nations),
        "emergency": given.emergency,
        "parents": list(given.parents),
        "hours": _maybe(given.hours),
        "cost": _maybe(given.cost),
        "facts": {name: _fact(catalogue, fact) for name, fact in given.facts.items()},
    }


def _href(given: Channel, number: str | None) -> str | None:
    if number is None:
        return None
    return dial(number).replace("tel:", "sms:") if given.kind is ChannelKind.SMS else dial(number)


def _fact(catalogue: Catalogue, fact: Fact) -> Value:
    source = catalogue.sources.get(fact.source)
    return {
        "source": fact.source,
        "url": source and (source.canonical or source.url),
        "checked": fact.checked.isoformat(),
        "certainty": fact.certainty,
    }


def question(asked: Question) -> Value:
    return {
        "id": asked.id,
        "title": text(asked.title),
        "hint": _maybe(asked.hint),
        "options": [
            {"id": o.id, "label": text(o.label), "to": o.to, "not_sure": o.not_sure}
            for o in asked.options
        ],
    }


def outcome(rulebook: Rulebook, given: Outcome) -> Value:
    """An outcome; its urgency is the most urgent that any nation's need gives it."""
    urgencies = [rulebook.needs[need].urgency for need in given.needs.values()]
    return {
        "id": given.id,
        "title": text(given.title),
        "lead": text(given.lead),
        "needs": {str(nation): need for nation, need in given.needs.items()},
        "urgency": str(min(urgencies, key=lambda urgency: urgency.rank)),
    }
