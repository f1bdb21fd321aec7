"""What a page may load beyond the policy of the settings, by django-csp's own decorators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)
Sources = dict[str, Sequence[str]]


def allow(response: R, sources: Sources) -> R:
    """The response, with these sources added to the policy. A second call takes the place of the
    first."""
    return cast(R, csp_update(sources)(lambda request: response)(HttpRequest()))


def instead(response: R, sources: Sources) -> R:
    """The response, with these directives in place of the policy's own."""
    return cast(R, csp_replace(sources)(lambda request: response)(HttpRequest()))
