"""The pages inside the widget's frame: line, banner, ask and full, on a stripped base.

They say what the public pages say, from the same values (emergency_block.py, faults.py,
outcome.py). They may be framed by registered hosts only; the hosts travel in the bulletin, so no
query is asked. The script that holds the frame is loader.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from triage.engine.catalogue import Lang
from triage.engine.rulebook import Outcome, Question
from triage.engine.situation import PhoneLine
from triage.rules import rulebook
from triage.web.context import page_context
from triage.web.context.page_context import PageContext
from triage.web.context.sandbox import pretending
from triage.web.context.staleness import Staleness
from triage.web.http import cache_headers, policy
from triage.web.http.page_frame import framed
from triage.web.http.stylesheet import Style, inline
from triage.web.pages.decorators import View, read_only
from triage.web.pages.errors import problem
from triage.web.presenters.emergency_block import emergency_block, gist
from triage.web.presenters.faults import fault_lines
from triage.web.presenters.how_to_pages import OF_WHOEVER
from triage.web.presenters.outcome import choices, said_of, shown
from triage.web.presenters.outcome import told as told_of
from triage.web.presenters.sentences import lead, shaky
from triage.web.widget.loader import UK, VIEWS
from triage.web.widget.theme import TOKENS, Theme, theme

EVERYDAY = "police-nonemergency"
QUERY = frozenset({*TOKENS, "network", "line"})
_HOST = re.compile(r"(?:https?://)?(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?")
# The demonstration may be framed by any page on the same machine.
_LOOPBACK = ("http://localhost:*", "http://127.0.0.1:*")


@dataclass(frozen=True)
class Frame:
    """Where a framed page stands: its view, its visitor, its colours."""

    view: str
    here: PageContext
    theme: Theme | None
    pretend: bool
    carried: tuple[tuple[str, str], ...] = ()

    def to(self, path: str = "", lang: Lang | None = None) -> str:
        """The address of a page in this frame, with all that the address carries."""
        start = "/cy" if (lang or self.here.lang) is Lang.CY else ""
        start += "/sandbox" if self.pretend else ""
        query = f"?{urlencode(self.carried)}" if self.carried else ""
        return f"{start}/embed/{self.view}/{self.here.slug or UK}/{path}{query}"


def frame(view: View) -> View:
    """A framed page: `view(frame, …)` for the address's view, language and area."""

    @read_only
    @wraps(view)
    def answer(
        request: HttpRequest,
        lang: str,
        shape: str,
        area: str = UK,
        pretend: bool = False,
        **given: Any,
    ) -> HttpResponse:
        language = Lang(lang)
        here = _here(request, language, area)
        if here is None or shape not in VIEWS:
            return problem(language, 404, "error-no-area")
        if not _is_closed(request):
            return problem(language, 400, "error-query")
        colours, _ = theme(request.GET.dict())
        carried = tuple(sorted((k, str(v)) for k, v in request.GET.items()))
        there = pretending(here) if pretend else here
        return view(Frame(shape, there, colours, pretend, carried), **given)

    return answer


def _here(request: HttpRequest, lang: Lang, area: str) -> PageContext | None:
    """Where this frame's visitor stands; None for an area that there never was.

    A tag on somebody's site outlives a merger: the slug of before shows the area of today.
    """
    today = None if area == UK else rulebook().catalogue.area_now(area)
    if today is None and area != UK:
        return None
    here = page_context.bare(lang, "").elsewhere(today)
    line, network = request.GET.get("line"), request.GET.get("network")
    visitor = replace(
        here.visitor, network=network, line=PhoneLine(line) if line in set(PhoneLine) else None
    )
    return replace(here, visitor=visitor)


def _is_closed(request: HttpRequest) -> bool:
    """Whether the address carries only keys and values that there are. A colour is any text."""
    network, line = request.GET.get("network"), request.GET.get("line")
    known = network is None or network in rulebook().catalogue.brands
    return known and (line is None or line in set(PhoneLine)) and set(request.GET) <= QUERY


@frame
def first(frame: Frame) -> HttpResponse:
    """What a view begins with."""
    here = frame.here
    question = rulebook().questions[rulebook().start]
    everyday = shown(here, page_context.advice(here, EVERYDAY))
    context = {
        "calls": emergency_block(here),
        "gist": gist(here) if frame.view == "line" else None,
        "everyday": everyday,
        "question": question,
        "options": _options(frame, question),
    }
    return show(frame, f"embed/{frame.view}.html", context)


@frame
def question(frame: Frame, address: str) -> HttpResponse:
    """One question, inside the frame."""
    found = _questions().get(address)
    if found is None:
        return problem(frame.here.lang, 404, "error-not-found")
    trail = rulebook().trail(found.id)
    context = {
        "question": found,
        "options": _options(frame, found),
        "needed": True,
        "back": frame.to(f"ask/{trail[-1][0].address}/") if len(trail) > 1 else frame.to(),
    }
    path = f"ask/{address}/"
    return show(frame, "embed/question.html", context, path, sensitive=found.sensitive)


@frame
def advice(frame: Frame, address: str, asked: str) -> HttpResponse:
    """One outcome, inside the frame: what to do, and what if that does not work."""
    outcome = _outcomes().get(address)
    if outcome is None or asked not in _questions():
        return problem(frame.here.lang, 404, "error-not-found")
    here = frame.here
    views = told_of(here, outcome.needs)
    words = outcome.words(page_context.nation(here))
    whoever = outcome.id in OF_WHOEVER
    first = views[0].first if len(views) == 1 and not whoever else None
    context = {
        "outcome": outcome,
        "words": words,
        "lead": lead(here, words.lead, views[0].emergency, first) if words.lead else "",
        "views": views,
        "calls": emergency_block(here) if whoever else None,
        "said_of": said_of(views),
        "needed": True,
        "choices": choices(here, views),
        "back": frame.to(f"ask/{asked}/"),
        "whole": f"advice/{outcome.address}/",
    }
    sensitive = outcome.sensitive or _questions()[asked].sensitive
    path = f"advice/{address}/from/{asked}/"
    return show(frame, "embed/advice.html", context, path, sensitive=sensitive)


@lru_cache(maxsize=1)
def _questions() -> dict[str, Question]:
    return {q.address: q for q in rulebook().questions.values()}


@lru_cache(maxsize=1)
def _outcomes() -> dict[str, Outcome]:
    return {o.address: o for o in rulebook().outcomes.values()}


def _options(frame: Frame, asked: Question) -> list[tuple[Any, str]]:
    return [(option, frame.to(_path(asked, option.to))) for option in asked.options]


def _path(asked: Question, to: str) -> str:
    book = rulebook()
    if to in book.questions:
        return f"ask/{book.questions[to].address}/"
    return f"advice/{book.outcomes[to].address}/from/{asked.address}/"


def show(
    frame: Frame,
    template: str,
    context: dict[str, Any],
    path: str = "",
    *,
    sensitive: bool = False,
) -> HttpResponse:
    """A framed page of an area's edition, which registered hosts may frame."""
    here = frame.here
    block = context.get("calls")
    said = {*context.get("said_of", ()), *(block.said if block else ())}
    sheets = [inline("embed/frame.css"), *_of_view(frame.view), *_own(frame.theme)]
    around = {
        "here": here,
        "frame": frame,
        "sheets": [s.text for s in sheets],
        "faults": fault_lines(here, said),
        "shaky": shaky(here),
        "demo": settings.DEMO,
        "late": here.fresh is not Staleness.FRESH,
        "cautious": here.fresh is Staleness.CAUTIOUS,
        "other": frame.to(path, Lang.EN if here.lang is Lang.CY else Lang.CY),
    }
    response = HttpResponse(render_to_string(template, framed(template, around, context)))
    _framed(response, frame, sheets)
    if frame.pretend:
        response["Cache-Control"] = cache_headers.PRIVATE
        return response
    return cache_headers.mark(response, here.slug, sensitive=sensitive)


def _of_view(view: str) -> list[Style]:
    return [inline("embed/line.css")] if view == "line" else []


def _own(colours: Theme | None) -> list[Style]:
    return [Style.of(colours.css)] if colours else []


def _framed(response: HttpResponse, frame: Frame, sheets: Iterable[Style]) -> None:
    """Lets the hosts frame it, and its own stylesheets stand in it."""
    parents = list(ancestors(frame.view, frame.here.bulletin.hosts_of(frame.here.slug)))
    policy.instead(response, {"frame-ancestors": parents})
    policy.allow(response, {"style-src": [s.source for s in sheets]})
    vars(response)["xframe_options_exempt"] = True
    # A host that isolates itself may frame only what says that it allows this.
    response["Cross-Origin-Embedder-Policy"] = "require-corp"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"


def ancestors(view: str, hosts: Iterable[str]) -> Iterable[str]:
    """The origins that may frame a view, as the policy names them."""
    yield "'self'"
    if view == "banner" and settings.OPEN_BANNER:
        yield "*"
        return
    if settings.DEMO:
        yield from _LOOPBACK
    for host in sorted(hosts):
        if _HOST.fullmatch(host):
            yield host if "://" in host else f"https://{host}"
