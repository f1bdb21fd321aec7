"""The same reader and switch as the API's tests."""

from __future__ import annotations

from tests.api.conftest import live, noon, reader

__all__ = ["live", "noon", "reader"]
