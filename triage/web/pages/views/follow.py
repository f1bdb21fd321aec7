"""Being told of faults: somebody asks, confirms from their own mail, and leaves with one press.

Reading these pages asks the database nothing: a link that a mail program opens by itself changes
nothing. Only what is posted does, and who is known already cannot be learned from any answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from outage.bulletin import subscriptions
from triage import clock
from triage.engine.catalogue import Nation, Service
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.seeds.word_keys import WordKey
from triage.web.context.page_context import PageContext, prefix
from triage.web.http.cache_headers import private
from triage.web.pages.decorators import page
from triage.web.pages.response import show
from triage.web.presenters.place_names import UK, place_name
from triage.web.presenters.sentences import plain
from triage.web.wording.catalogue import words

log = logging.getLogger("which_number.follow")
LONGEST = 300
_WRONG: Mapping[str, WordKey] = {
    "mail": "follow-wrong-mail",
    "url": "follow-wrong-url",
    "busy": "follow-busy",
    "code": "follow-wrong-code",
    "gone": "follow-gone",
    "token": "follow-gone",
}
_SERVICES: Mapping[Service, WordKey] = {
    Service.POLICE: "follow-police",
    Service.FIRE: "follow-fire",
    Service.AMBULANCE: "follow-ambulance",
    Service.COASTGUARD: "follow-coastguard",
}
_KINDS: Mapping[subscriptions.FollowKind, WordKey] = {
    subscriptions.FollowKind.EMERGENCY: "follow-kind-emergency",
    subscriptions.FollowKind.OTHER: "follow-kind-other",
    subscriptions.FollowKind.PLANNED: "follow-kind-planned",
}


@page("GET", "HEAD", "POST")
def follow(here: PageContext, request: HttpRequest) -> HttpResponse:
    """The form; or what was asked for is answered by mail; or what is wrong with it is said."""
    if request.method != "POST":
        return show(here, "public/follow.html", _form(here, QueryDict()))
    wrong = _asked(here, request.POST)
    if wrong is None:
        return HttpResponseRedirect(here.to("follow/sent/"), status=303)
    context = {**_form(here, request.POST), "wrong": wrong}
    return private(show(here, "public/follow.html", context))


def _asked(here: PageContext, post: QueryDict) -> WordKey | None:
    place, mail, url = (post.get(k, "").strip() for k in ("place", "mail", "url"))
    if place not in dict(_places(here)):
        return "follow-wrong-place"
    if len(mail) > LONGEST or len(url) > LONGEST:
        return "follow-wrong-mail"
    wanted = subscriptions.SubscriptionRequest(
        place,
        str(here.lang),
        tuple(s for s in Service if s in post.getlist("service")),
        tuple(k for k in subscriptions.FollowKind if k in post.getlist("kind")),
        mail,
        url,
    )
    try:
        subscriptions.ask(wanted, lambda token: _letter(here, place, token), clock.now())
    except subscriptions.SubscriptionError as error:
        return _WRONG[error.reason]
    except DatabaseError as error:
        log.error("a subscription could not be kept: %s", type(error).__name__)
        return "follow-busy"
    return None


def _letter(here: PageContext, place: str, token: str) -> subscriptions.SubscriberLetter:
    where = place_name(place).lang(here.lang)
    lines = (plain(here, "follow-mail-1", where=where), plain(here, "follow-mail-2"))
    link = f"{settings.ORIGIN or here.origin}{prefix(here.lang, None)}follow/confirm/{token}/"
    return subscriptions.SubscriberLetter(plain(here, "follow-mail-subject"), lines, link)


def _form(here: PageContext, post: QueryDict) -> dict[str, Any]:
    chosen = post.get("place") or here.slug or UK
    return {
        "places": [(slug, name, slug == chosen) for slug, name in _places(here)],
        "services": [(s, key, s in post.getlist("service")) for s, key in _SERVICES.items()],
        "kinds": [(k, key, k in post.getlist("kind")) for k, key in _KINDS.items()],
        "mail": post.get("mail", "")[:LONGEST],
        "url": post.get("url", "")[:LONGEST],
    }


def _places(here: PageContext) -> Iterator[tuple[str, str]]:
    yield UK, place_name(UK).lang(here.lang)
    yield from ((str(n), words()[of_nation(n)].lang(here.lang)) for n in Nation)
    areas = rulebook().catalogue.areas.values()
    yield from sorted(((a.slug, a.name.lang(here.lang)) for a in areas), key=lambda p: p[1])


@page()
def sent(here: PageContext, request: HttpRequest) -> HttpResponse:
    """A mail is on its way, if it may be: the same words for everybody."""
    return show(here, "public/follow_done.html", {"title": "follow-sent", "why": "follow-sent-why"})


@page("GET", "HEAD", "POST")
def confirm(here: PageContext, request: HttpRequest, token: str) -> HttpResponse:
    """One press more: what a mail program opens by itself confirms nothing."""
    context: dict[str, Any] = {"title": "follow-confirm", "press": "follow-confirm-press"}
    context |= {"why": "follow-confirm-why", "code": subscriptions.is_webhook(token)}
    if request.method == "POST":
        context |= _pressed(lambda: _confirmed(token, request.POST.get("code", "")))
    return private(show(here, "public/follow_done.html", context))


@page("GET", "HEAD", "POST")
def leave(here: PageContext, request: HttpRequest, token: str) -> HttpResponse:
    """No more of it. A mail program posts here by itself (RFC 8058), people press the button."""
    context: dict[str, Any] = {"title": "follow-leave", "press": "follow-leave-press"}
    context |= {"why": "follow-leave-why"}
    if request.method == "POST":
        context |= _pressed(lambda: _left(token))
    return private(show(here, "public/follow_done.html", context))


def _confirmed(token: str, code: str) -> dict[str, Any]:
    secret = subscriptions.confirm(token, code, clock.now())
    return {"secret": secret, "title": "follow-confirmed", "why": "follow-confirmed-why",
            "press": ""}  # fmt: skip


def _left(token: str) -> dict[str, Any]:
    subscriptions.leave(token)
    return {"title": "follow-left", "why": "follow-left-why", "press": ""}


def _pressed(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a press led to, or what was wrong with it."""
    try:
        return act()
    except subscriptions.SubscriptionError as error:
        return {"wrong": _WRONG[error.reason]}
    except DatabaseError as error:
        log.error("a subscription could not be changed: %s", type(error).__name__)
        return {"wrong": "follow-busy"}
