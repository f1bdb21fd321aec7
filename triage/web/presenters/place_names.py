"""What a place is called that feeds and subscriptions are of: the UK, a nation or an area."""

from __future__ import annotations

from triage.engine.catalogue import Nation, Text
from triage.rules import rulebook
from triage.seeds.enum_words import of_nation
from triage.web.wording.catalogue import words

UK = "uk"


def place_name(slug: str) -> Text:
    """Raises ValueError for a word that is none of them."""
    areas = rulebook().catalogue.areas
    if slug in areas:
        return areas[slug].name
    return words()["place-uk" if slug == UK else of_nation(Nation(slug))]
