"""The rulebook, the words and the finder of this process, read once from seeds/ and kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from triage import clock
from triage.engine.rulebook import Rulebook
from triage.places import gazetteer
from triage.places.boundaries import FILE as BOUNDARIES
from triage.places.boundaries import Boundaries, read_boundaries
from triage.places.finder import Finder
from triage.places.postcodes import FILE, Postcodes, Watched
from triage.seeds import read
from triage.seeds.directory import Directory, read_directory
from triage.seeds.languages import FILE as FILE_OF_LANGUAGES
from triage.seeds.languages import LanguageCard, read_languages
from triage.seeds.outlines import read_outlines
from triage.seeds.signal_rules import read_signal_rules
from triage.seeds.words import MessageCatalogue, read_words
from triage.signals.detection import SignalRules


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rulebook as it stands today. Raises SeedsError, with every fault, where the data is
    wrong."""
    return read(settings.SEEDS_DIR, clock.now().date())


@lru_cache(maxsize=1)
def words() -> MessageCatalogue:
    """The words of this process. Raises SeedsError, with every fault, where they are wrong."""
    return read_words(Path(settings.SEEDS_DIR) / "words", rulebook().catalogue)


@lru_cache(maxsize=1)
def languages() -> Mapping[str, LanguageCard]:
    """The cards of other languages by code. Raises SeedsError, with every fault."""
    return read_languages(Path(settings.SEEDS_DIR) / FILE_OF_LANGUAGES)


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The groups of the directory. Raises SeedsError where they are wrong."""
    return read_directory(Path(settings.SEEDS_DIR), rulebook().catalogue)


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, tuple[str, ...]]:
    """The rings of each police force area. Raises SeedsError where they are wrong."""
    return read_outlines(Path(settings.SEEDS_DIR), rulebook().catalogue)


@lru_cache(maxsize=1)
def signal_rules() -> SignalRules:
    """When taps ring for operators. Raises SeedsError where the data is wrong."""
    return read_signal_rules(Path(settings.SEEDS_DIR), rulebook().catalogue)


def finder() -> Finder:
    """The finder, over the newest postcodes there are; an import is noticed."""
    return _finder(postcodes())


def postcodes() -> Postcodes:
    """The postcodes in use: those of seeds/places/, or an import that is newer."""
    return _watched().current()


@lru_cache(maxsize=1)
def _watched() -> Watched:
    shipped = settings.SEEDS_DIR / "places" / FILE
    return Watched(settings.DATA_DIR, rulebook().catalogue, shipped)


@lru_cache(maxsize=1)
def _finder(postcodes: Postcodes) -> Finder:
    return Finder(rulebook().catalogue, postcodes, _gazetteer())


@lru_cache(maxsize=1)
def _gazetteer() -> gazetteer.Gazetteer:
    folder = settings.SEEDS_DIR / "places"
    return gazetteer.read_gazetteer(folder / gazetteer.FILE, folder / gazetteer.BY_HAND)


@lru_cache(maxsize=1)
def boundaries() -> Boundaries:
    """The boundaries of this process. Raises OSError where the file is missing."""
    return read_boundaries(settings.SEEDS_DIR / "places" / BOUNDARIES, areas_of_forces())


def areas_of_forces() -> dict[str, tuple[str, ...]]:
    """The areas of each police force."""
    areas = rulebook().catalogue.areas.values()
    return {a.police: tuple(b.slug for b in areas if b.police == a.police) for a in areas}
