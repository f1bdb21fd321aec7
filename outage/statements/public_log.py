"""The public log of an organisation's own details: what was changed, in words for everybody.

Pure. The words are made once, when the event is written (accounts.py). A number that is put by for
the day 999 fails is not named: nobody is to dial it before a notice publishes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from outage.statements import timeline_text
from triage.engine.catalogue import Catalogue, Text
from triage.seeds.word_keys import WordKey

DETAILS = (
    "name", "name_cy", "kind", "services", "footprints", "channels", "widget_hosts", "active",
)  # fmt: skip
KINDS = ("organisation-set", "hosts-set", "number-kept", "number-dropped")


def organisation(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], catalogue: Catalogue
) -> Text:
    """What is new of an organisation; empty where nothing of it is."""
    if before is None:
        return timeline_text.word("staff-edit-entered")
    changed = {name for name in after if before.get(name) != after[name]}
    return timeline_text.join(_changed(changed, before, after, catalogue), " ")


def _changed(
    changed: set[str], before: Mapping[str, Any], after: Mapping[str, Any], catalogue: Catalogue
) -> Iterator[Text]:
    if changed & {"name", "name_cy"}:
        yield _named("staff-edit-name", Text(after["name"], after["name_cy"]))
    if "footprints" in changed:
        yield _named(
            "staff-edit-territory", timeline_text.all_places(after["footprints"], catalogue)
        )
    if changed & {"services", "channels"}:
        yield timeline_text.word("staff-edit-services")
    if "kind" in changed:
        yield timeline_text.word("staff-edit-kind")
    if "active" in changed:
        yield timeline_text.word("staff-edit-opened" if after["active"] else "staff-edit-closed")
    if "widget_hosts" in changed:
        yield hosts(before["widget_hosts"], after["widget_hosts"])


def hosts(before: Iterable[str], after: Iterable[str]) -> Text:
    """The sites that may show the widget from now on, and those that no longer may."""
    old, new = list(before), list(after)
    added, removed = [h for h in new if h not in old], [h for h in old if h not in new]
    lists: dict[WordKey, list[str]] = {
        "staff-edit-host-added": added,
        "staff-edit-host-removed": removed,
    }
    said = (_named(key, Text(t := ", ".join(found), t)) for key, found in lists.items() if found)
    return timeline_text.join(said, " ")


def number_kept(footprint: str, catalogue: Catalogue) -> Text:
    lead = timeline_text.numbered(timeline_text.word("staff-edit-number-kept"), catalogue)
    return _full(timeline_text.join([lead, timeline_text.place(footprint, catalogue)], " "))


def number_dropped() -> Text:
    return timeline_text.word("staff-edit-number-dropped")


def _named(key: WordKey, what: Text) -> Text:
    return _full(timeline_text.join([timeline_text.word(key), what], " "))


def _full(words: Text) -> Text:
    return Text(f"{words.en}.", f"{words.cy}.")


def public(kind: str, words: Text) -> dict[str, Any]:
    """As an event carries it; nothing where there is nothing to tell."""
    return {"public": {"kind": kind, "en": words.en, "cy": words.cy}} if words.en else {}
