"""The rulebook, the words and the finder of this process, read once from seeds/ and kept."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from triage import clock
from triage.engine.rulebook import Rulebook
from triage.places.finder import Finder, Postcodes
from triage.places.postcodes import Watched
from triage.seeds import read
from triage.seeds.words import MessageCatalogue, read_words


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rulebook as it stands today. Raises SeedsError, with every fault, where the data is
    wrong."""
    return read(settings.SEEDS_DIR, clock.now().date())


@lru_cache(maxsize=1)
def words() -> MessageCatalogue:
    """The words of this process. Raises SeedsError, with every fault, where they are wrong."""
    return read_words(Path(settings.SEEDS_DIR) / "words", rulebook().catalogue)


def finder() -> Finder:
    """The finder, over the imported postcodes where there are some; an import is noticed."""
    return _finder(_postcodes().current())


@lru_cache(maxsize=1)
def _postcodes() -> Watched:
    return Watched(settings.DATA_DIR, rulebook().catalogue)


@lru_cache(maxsize=1)
def _finder(postcodes: Postcodes) -> Finder:
    return Finder(rulebook().catalogue, postcodes)
