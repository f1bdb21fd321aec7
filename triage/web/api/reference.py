"""The page for programmers: the API and the feeds in words, from the API's own description.

The words of each address stand in seeds/words/api.toml. What the API answers is views.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from triage.engine.catalogue import Lang, Nation
from triage.rules import rulebook
from triage.web.api import views
from triage.web.api.openapi import PROMISES, key
from triage.web.context import page_context
from triage.web.pages.response import show
from triage.web.widget.snippet_builder import areas, page
from triage.web.wording.catalogue import words

# So many values of a key are named; the description for machines lists them all.
_FEW = 4
# Each is run by a test as it stands on the page.
_EXAMPLES = (("curl", "example.sh"), ("JavaScript", "example.js"), ("Python", "example.py"))


@page
def programmers(request: HttpRequest, lang: Lang) -> HttpResponse:
    """Every address with its keys, every feed, and what can be counted on."""
    in_them = Counter(a.nation for a in rulebook().catalogue.areas.values())
    context = {
        "examples": examples(f"{request.scheme}://{request.get_host()}"),
        "promises": PROMISES,
        "endpoints": _endpoints(rulebook().digest),
        "nations": [(str(n), f"nation-{n}") for n in Nation if in_them[n] > 1],
        "areas": areas(lang),
    }
    return show(page_context.bare(lang, "api/"), "embed/api.html", context)


def examples(host: str) -> list[tuple[str, str]]:
    """Programs that ask this host, each with the name of its language."""
    return [(name, _source(file).replace("HOST", host)) for name, file in _EXAMPLES]


@lru_cache(maxsize=4)
def _source(file: str) -> str:
    return (settings.BASE_DIR / "static" / "embed" / file).read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _endpoints(digest: str) -> list[dict[str, Any]]:
    schema = views.api.get_openapi_schema(path_prefix="/api/v1/")
    parts = schema["components"]["schemas"]
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": key(operation["operationId"]),
            "about": _about(operation["operationId"]),
            "keys": [(name, _values(given, parts)) for name, given in _keys(operation, parts)],
        }
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]


def _about(operation: str) -> str:
    """The key of what more there is to say, or nothing."""
    about = f"{key(operation)}-about"
    return about if about in words().texts else ""


def _keys(operation: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each key that an operation takes, in its address or its body, with its schema."""
    yield from ((p["name"], p["schema"]) for p in operation["parameters"])
    if body := operation.get("requestBody"):
        yield from _resolved(body["content"]["application/json"]["schema"], parts)[
            "properties"
        ].items()


def _values(given: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """The first few values that a key takes; nothing where it takes any text."""
    schema = _resolved(given, parts)
    flag = ("true", "false") if schema.get("type") == "boolean" else ()
    values = [str(v) for v in schema.get("enum", flag)]
    return ", ".join(values[:_FEW]) + (", …" if len(values) > _FEW else "")


def _resolved(given: Mapping[str, Any], parts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema without null, and with what it refers to in its place."""
    either = given.get("anyOf") or given.get("allOf") or [given]
    branches = (b for b in either if b.get("type") != "null")
    found: Mapping[str, Any] = next(branches)
    name = str(found.get("$ref", "")).rpartition("/")[2]
    whole: Mapping[str, Any] = parts.get(name, found)
    return whole
