"""How the API describes itself: its OpenAPI, with the words of seeds/words/api.toml and the ids
that the rulebook has. The page for programmers (reference.py) is made from the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from triage.engine.catalogue import Lang, Service
from triage.rules import rulebook
from triage.web.wording.catalogue import fill, words

# The words that say what can be counted on.
PROMISES = tuple(f"embed-api-promise-{letter}" for letter in "abcde")
_ABOUT = ("embed-api-intro", *PROMISES)


def described(schema: OpenAPISchema) -> OpenAPISchema:
    """The OpenAPI as ninja makes it, with our words in it and every id that a key takes."""
    known = _known_ids()
    schema["info"]["description"] = " ".join(map(_english, _ABOUT))
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation.update(_worded(operation["operationId"]))
            operation["parameters"] = [_plain(p, known) for p in operation["parameters"]]
    _list_ids(schema["components"], known)
    return schema


def _known_ids() -> Mapping[str, list[str]]:
    """The values of every key that takes an id of the rulebook."""
    book = rulebook()
    catalogue = book.catalogue
    services = {
        str(s): sorted(slug for kind, slug in catalogue.bodies if kind is s) for s in Service
    }
    return {
        **services,
        "area": list(catalogue.areas),
        "council": sorted(catalogue.place_of_council),
        "need": list(book.needs),
        "outcome": list(book.outcomes),
        "network": list(catalogue.brands),
    }


def key(operation: str) -> str:
    """The key of the words that say what an operation gives; with `-about`, of more of them."""
    return f"api-{operation.replace('_', '-')}"


def _worded(operation: str) -> dict[str, str]:
    about = f"{key(operation)}-about"
    more = {"description": _english(about)} if about in words().texts else {}
    return {"summary": _english(key(operation)), **more}


def _english(name: str) -> str:
    return fill(words()[words().known(name)], Lang.EN)


def _plain(parameter: dict[str, Any], known: Mapping[str, list[str]]) -> dict[str, Any]:
    """A parameter without null, which a query cannot carry, and with the ids it takes."""
    schema = dict(parameter["schema"])
    real = [branch for branch in schema.pop("anyOf", []) if branch.get("type") != "null"]
    schema = {**schema, **(real[0] if real else {})}
    schema.pop("default", None)
    if kind := schema.pop("x-ids", None):
        schema["enum"] = known[kind]
    return {**parameter, "schema": schema}


def _list_ids(schema: Any, known: Mapping[str, list[str]]) -> None:
    """Lists, in the schemas of bodies, the ids that a key takes."""
    if isinstance(schema, Mapping):
        if isinstance(schema, dict) and (kind := schema.pop("x-ids", None)):
            schema["anyOf"] = [{"type": "string", "enum": known[kind]}, {"type": "null"}]
        for part in schema.values():
            _list_ids(part, known)
    elif isinstance(schema, list):
        for part in schema:
            _list_ids(part, known)
