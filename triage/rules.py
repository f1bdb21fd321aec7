"""The rulebook and the finder of this process, read once from seeds/ and kept."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from triage.engine.rulebook import Rulebook
from triage.places import Finder, Postcodes
from triage.seeds import read


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rulebook. Raises SeedsRefused, with every fault, where the data is wrong."""
    return read(settings.SEEDS_DIR)


@lru_cache(maxsize=1)
def finder() -> Finder:
    return Finder(rulebook().catalogue, Postcodes())
