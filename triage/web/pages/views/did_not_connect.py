""" "It did not connect": one tap is counted in this process's memory, and the advice said again.

No query, no cookie, no address: counting is triage/signals/tally.py, and what is done with the
counts is the staff's side. It changes nothing that the public reads.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from triage import client_address, clock
from triage.engine.catalogue import ChannelRole
from triage.engine.situation import PhoneLine
from triage.rules import languages, rulebook
from triage.seeds.enum_words import of_line
from triage.signals.tally import HALF, PROCESS, WHOLE, Tap
from triage.web.context import page_context
from triage.web.context.page_context import PageContext, WrongAddressError
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.emergency_block import emergency_block
from triage.web.presenters.how_to_pages import FAILED
from triage.web.presenters.outcome import OutcomePage, said_of, told
from triage.web.presenters.sentences import plain
from triage.web.presenters.taps import counted


@page("POST")
def tap(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Counts one tap, or what phone it was; then the advice, on the card of a language where it
    was tapped there. From a sensitive page the answer stands at this same address, which says
    nothing."""
    channel = counted(request.POST.get("channel", ""))
    if not channel:
        raise WrongAddressError(404, "error-no-channel")
    phone = request.POST.get("phone")
    count(here, request, channel, phone)
    if (card := request.POST.get("card")) in languages():
        return HttpResponseRedirect(here.to(f"languages/{card}/thanks/"), status=303)
    if "quiet" in request.POST:
        return private(_answer(here, channel, asks=phone is None, quiet=True))
    done = "" if phone is None else "thanks/"
    return HttpResponseRedirect(here.to(f"tapped/{channel}/{done}"), status=303)


@page()
def tapped(here: PageContext, request: HttpRequest, channel: str, asks: bool) -> HttpResponse:
    """Thank you; now: the advice again, and one closed question that nobody must answer."""
    if counted(channel) != channel:
        raise WrongAddressError(404, "error-no-channel")
    return _answer(here, channel, asks=asks, quiet=False)


def count(
    here: PageContext, request: HttpRequest, channel: str, phone: str | None, adds: int = WHOLE
) -> None:
    """One tap of whoever sent this request; only what phone it was, where that is told."""
    network, line = _phone(here, phone)
    counted_now = Tap(
        channel,
        area=here.slug or "",
        nation=str(here.area.nation) if here.area else "",
        network=network,
        line=line,
        adds=adds if phone is None else 0,
        from_page="HTTP_SEC_FETCH_MODE" in request.META or "HTTP_ORIGIN" in request.META,
    )
    PROCESS.add(counted_now, client_address.address(request.META), clock.now().timestamp())


def count_search(here: PageContext, request: HttpRequest, channel: str) -> None:
    """A search that says that a line does not connect. The words are not kept."""
    count(here, request, channel, None, HALF)


def _phone(here: PageContext, phone: str | None) -> tuple[str, str]:
    """The network and the line that were told, by closed values; in the address too."""
    if phone is None:
        brand, line = here.visitor.network, here.visitor.line
    else:
        brand, line = phone, PhoneLine(phone) if phone in set(PhoneLine) else None
    known = rulebook().catalogue.brands.get(brand or "")
    return known.network if known else "", str(line or (known.line if known else ""))


def _answer(here: PageContext, channel: str, *, asks: bool, quiet: bool) -> HttpResponse:
    views = _views(here, channel)
    context = {
        "channel": channel,
        "quiet": quiet,
        "failed": (failed := FAILED.get(channel)),
        "failed_title": f"{failed}-title",
        "views": views,
        "calls": None if views else emergency_block(here),
        "said_of": said_of(views),
        "phones": _phones(here) if asks else (),
    }
    return show(here, "public/tapped.html", context, sensitive=True)


def _views(here: PageContext, channel: str) -> list[OutcomePage]:
    """The advice of the need that begins with this line; none where the four emergencies are it."""
    book = rulebook()
    if channel == book.catalogue.playing(ChannelRole.FRONT_DOOR):
        return []
    nation = page_context.nation(here)
    for need in book.needs.values():
        routes = [need.routes[nation]] if nation else [*need.routes.values()]
        if any(route[:1] == (channel,) for route in routes):
            return told(here, dict.fromkeys(need.routes, need.id))
    return []


def _phones(here: PageContext) -> tuple[tuple[str, str], ...]:
    """Lines, then the names that people know their phone company by."""
    lines = tuple((str(x), plain(here, of_line(x))) for x in PhoneLine)
    return (*((b.slug, b.name) for b in rulebook().catalogue.brands.values()), *lines)
