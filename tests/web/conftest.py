"""The same reader and switch as the API's tests, and every kind of page."""

from __future__ import annotations

from tests.api.conftest import live, noon, reader

__all__ = ["live", "noon", "reader"]
