"""What every answer of the API has in common: open to read from anywhere, one shape for what is
wrong, an ETag, no key, no cookie.

What is answered stands in views.py, and how the API describes itself in openapi.py.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic_core import ErrorDetails

from triage.seeds.problems import did_you_mean
from triage.web.api.openapi import described
from triage.web.api.schemas.shared import Out
from triage.web.http import cache_headers

JSON = "application/json; charset=utf-8"
_DOCS = "See /api/v1/openapi.json for every address, its keys and their values."
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, RateLimit, RateLimit-Policy, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
log = logging.getLogger("which_number.api")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class ApiProblem:
    """One thing that is wrong with a request: what, where, and what to do about it."""

    what: str
    where: str
    what_to_do: str = _DOCS


class ApiError(Exception):
    """The request cannot be answered. Every problem is told at once.

    `candidates` are the places that may be meant, as JSON, where one is to be chosen.
    """

    def __init__(
        self, status: int, *problems: ApiProblem, candidates: Sequence[Mapping[str, str]] = ()
    ) -> None:
        self.status = status
        self.problems = problems
        self.candidates = candidates
        super().__init__(status)


def give(request: HttpRequest, answer: Out, area: str | None = None) -> HttpResponse:
    """An answer that may be kept while its area's edition lasts; 304 where the reader has it.

    The moment it was worked out (`as_of`) is no part of its ETag: the answer is the same.
    """
    value = answer.plain()
    told = {k: v for k, v in value.items() if k != "as_of"}
    tag = f'W/"{hashlib.sha256(_bytes(told)).hexdigest()[:20]}"'
    response = cache_headers.mark(HttpResponse(_bytes(value), content_type=JSON), area)
    response["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response


def give_once(answer: Out) -> HttpResponse:
    """An answer to what somebody typed: kept nowhere."""
    response = HttpResponse(_bytes(answer.plain()), content_type=JSON)
    response["Cache-Control"] = cache_headers.PRIVATE
    return response


def _bytes(value: Any) -> bytes:
    # Half a surrogate pair, which JSON may carry, goes out as the escape it came in as.
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return compact.encode("utf-8", "backslashreplace")


def refuse(
    status: int,
    problems: Sequence[ApiProblem],
    candidates: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    """The one error shape."""
    first, *more = problems
    body: dict[str, Any] = {**asdict(first), "more": [asdict(p) for p in more]}
    if candidates:
        body["candidates"] = [*candidates]
    response = HttpResponse(_bytes(body), status=status, content_type=JSON)
    response["Cache-Control"] = cache_headers.PRIVATE
    return _open(response)


def _open(response: R) -> R:
    """Lets a program of any origin read it."""
    for header, value in _OPEN.items():
        response[header] = value
    return response


class Door(NinjaAPI):
    """The API of django-ninja with our errors, our OpenAPI and our CORS."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, docs_url=None)
        self.add_exception_handler(ApiError, _wrong)
        self.add_exception_handler(Http404, lambda request, _: _nothing(request))
        self.add_exception_handler(HttpError, _unreadable)
        self.add_exception_handler(SuspiciousOperation, _too_much)
        self.add_exception_handler(Exception, _broken)

    def validation_error_from_error_contexts(  # type: ignore[override]
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ApiError:
        """Every fault of the keys and values, as sentences."""
        return ApiError(400, *(p for context in error_contexts for p in _faults(context)))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        return described(super().get_openapi_schema(**given))

    def open_urls(self) -> list[URLPattern]:
        """Every address of the API, open to every origin, and one for all that are none."""
        patterns, _, _ = self.urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = self._opened(pattern.callback, pattern.name or "")
        nowhere = self._opened(lambda request, rest="": _nothing(request), "")
        ours = [p for p in patterns if isinstance(p, URLPattern)]
        for root in (p for p in ours if p.name == "api-root"):
            # Addresses are made from its name; there is nothing at it.
            root.callback = nowhere
        return [*ours, path("<path:rest>", nowhere)]

    def _opened(self, view: View, name: str) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _open(self._answer(view, name, request, *args, **kwargs))

        opened.csrf_exempt = True  # type: ignore[attr-defined]
        return opened

    def _answer(
        self, view: View, name: str, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        methods = self._keys.get(name, {"GET": frozenset()})
        allowed = sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])})
        if request.method == "OPTIONS":
            return _preflight(allowed)
        if request.method not in allowed:
            return _not_allowed(request, allowed)
        method = request.method = "GET" if request.method == "HEAD" else request.method
        if problems := list(_bad_keys(request, methods.get(method, frozenset()))):
            return refuse(400, problems)
        return view(request, *args, **kwargs)

    @property
    def _keys(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        return _query_keys(self)


@lru_cache(maxsize=4)
def _query_keys(door: Door) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """For each address, by its name: the methods it answers and the query keys each takes."""
    found: dict[str, dict[str, frozenset[str]]] = {"openapi-json": {"GET": frozenset()}}
    for operations in door.get_openapi_schema(path_prefix="")["paths"].values():
        # The address is named after its first operation.
        name = next(iter(operations.values()))["operationId"]
        found[name] = {
            method.upper(): frozenset(p["name"] for p in o["parameters"] if p["in"] == "query")
            for method, o in operations.items()
        }
    return found


def _preflight(allowed: Sequence[str]) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(allowed)
    for header, value in _PREFLIGHT.items():
        response[header] = value
    return response


def _not_allowed(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    what = f"{request.method} is not answered here"
    response = refuse(405, [ApiProblem(what, "method", f"Use {' or '.join(allowed)}.")])
    response["Allow"] = ", ".join(allowed)
    return response


def _bad_keys(request: HttpRequest, known: frozenset[str]) -> Iterable[ApiProblem]:
    for key, values in request.GET.lists():
        if key not in known:
            takes = f"It takes {', '.join(sorted(known))}." if known else "It takes none."
            hint = f"{did_you_mean(key, known)} {takes}".strip()
            yield ApiProblem(f'key "{key}" is unknown', f"query.{key}", hint)
        elif len(values) > 1:
            yield ApiProblem(f'key "{key}" is given twice', f"query.{key}", "Give it once.")


def _nothing(request: HttpRequest) -> HttpResponse:
    return refuse(404, [ApiProblem("there is nothing at this address", "path")])


def _wrong(request: HttpRequest, wrong: Any) -> HttpResponse:
    return refuse(wrong.status, wrong.problems, wrong.candidates)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    what = "the body is not JSON that can be read"
    return refuse(error.status_code, [ApiProblem(what, "body", "Send one JSON object, in UTF-8.")])


def _too_much(request: HttpRequest, error: Any) -> HttpResponse:
    return refuse(413, [ApiProblem("the body is too large", "body", "Send less than 2 MB.")])


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    """A fault of our own: logged whole, and told with where people find the advice."""
    log.error("the API broke at %s", request.path, exc_info=error)
    what_to_do = f"Send people to {request.build_absolute_uri('/')}, and ask again in a minute."
    return refuse(500, [ApiProblem("the service has a fault of its own", "server", what_to_do)])


def _faults(context: ValidationErrorContext[Any]) -> Iterable[ApiProblem]:
    source = str(context.model.__ninja_param_source__)
    fields = _fields(context.model)
    for error in context.pydantic_validation_error.errors(include_url=False):
        # The first step is the name of our own argument, which nobody has sent.
        steps = [str(step) for step in error["loc"][1:]]
        yield _fault(error, ".".join([source, *steps]), fields)


def _fields(model: Any) -> list[str]:
    inner = [f.annotation for f in model.model_fields.values()]
    return [name for kind in inner for name in getattr(kind, "model_fields", {})]


def _fault(error: ErrorDetails, where: str, fields: Sequence[str]) -> ApiProblem:
    name = str(error["loc"][-1])
    if error["type"] == "extra_forbidden":
        hint = f"{did_you_mean(name, fields)} It takes {', '.join(fields)}."
        return ApiProblem(f'key "{name}" is unknown', where, hint.strip())
    if error["type"] == "missing":
        return ApiProblem(f'key "{name}" is missing', where, f"Send {', '.join(fields)}.")
    if error["type"] == "enum":
        expected = str(error["ctx"]["expected"])
        values = [v.strip(" '") for v in expected.replace(" or ", ",").split(",")]
        hint = f"{did_you_mean(str(error['input']), values)} It takes {expected}."
        return ApiProblem(f'"{error["input"]}" is not one of its values', where, hint.strip())
    return ApiProblem(error["msg"], where)
