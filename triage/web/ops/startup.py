"""Puts the edition cache in front of the application, as this site's settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from triage import rules
from triage.engine.catalogue import Lang, Nation, Service
from triage.engine.situation import PhoneLine
from triage.web.cache.wsgi import PROCESS, Closed, EditionCache, Site, is_ours
from triage.web.context import search_query
from triage.web.context.page_context import YES_NO
from triage.web.context.snapshot import Watch
from triage.web.widget.theme import TOKENS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MEGABYTE = 1_000_000


def in_front_of(application: WSGIApplication) -> EditionCache:
    """The whole site as one WSGI callable. Raises SeedsError where the data is wrong.

    What every reader shares is built before the first one comes: eight threads that each began to
    build the search at once would hold each other up for longer than a hung worker is let live.
    """
    rules.finder().find("Leeds")
    search_query.searching()
    limit = settings.CACHE_MEGABYTES * MEGABYTE
    watch = Watch(rules.rulebook)
    return EditionCache(application, watch, closed_queries(), limit, origin(), PROCESS)


def closed_queries() -> Closed:
    """The query keys that pages and the API know, each with its closed set of values."""
    book = rules.rulebook()
    catalogue = book.catalogue
    yes_no = frozenset({"true", "false", *YES_NO})
    told = ("mobile", "sms", "has_mobile", "registered_for_sms", "afloat", "has_radio")
    services = {str(s): frozenset(slug for kind, slug in catalogue.bodies if kind is s)
                for s in Service}  # fmt: skip
    return {
        **services,
        **dict.fromkeys(told, yes_no),
        "council": frozenset(catalogue.place_of_council),
        "network": frozenset(catalogue.brands),
        "line": frozenset(map(str, PhoneLine)),
        "area": frozenset(catalogue.areas),
        "need": frozenset(book.needs),
        "outcome": frozenset(book.outcomes),
        "nation": frozenset(map(str, Nation)),
        "lang": frozenset(map(str, Lang)),
        # A host's colours: the frame wears none that is none (theme.py), and the limit is in bytes.
        **dict.fromkeys(TOKENS),
    }


def origin() -> Site | None:
    """The site that pages are rendered as; None where each name has its own.

    Raises ImproperlyConfigured where Django would refuse every page by that name.
    """
    if not settings.ORIGIN:
        return None
    parts = urlsplit(settings.ORIGIN)
    if not is_ours(parts.netloc):
        raise ImproperlyConfigured(
            f"WHICH_NUMBER_ORIGIN is {settings.ORIGIN}, whose name is not in ALLOWED_HOSTS: add it"
        )
    return parts.netloc, parts.scheme == "https"
