"""The same reader and switch as the API's tests."""

from __future__ import annotations

from tests.api.conftest import live, merged, noon, reader

__all__ = ["live", "merged", "noon", "reader"]
