"""Lead, block, buttons, "also", sheet, directory and share text of every page agree with its
advice: for every preset, in both languages. `make prove` runs all pages; here a part of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

import pytest
from django.test import Client

from tests.cast import NOON, incident, scope
from tests.web.conftest import Live
from tests.web.rendered import RenderedPage, addresses, broken, named, spoken
from triage.engine.advice import Advice
from triage.engine.catalogue import Lang, Nation, Place
from triage.engine.rulebook import Outcome, Rulebook
from triage.engine.situation import Incident, Situation
from triage.engine.unknown_place import advise

ALL = os.environ.get("PROVE") == "1"
PLACES = ("kent", "gwent", "police-scotland", "northern-ireland")
PREFIX = {Lang.EN: "", Lang.CY: "/cy"}
# One of so many outcomes is read where not all are; each fault begins elsewhere, so that over the
# faults every outcome is read.
EVERY = 1 if ALL else 12
EVERYDAY = "police-nonemergency"


def faults(rulebook: Rulebook) -> list[Incident]:
    """A fault for every preset, over all the country."""
    pairs = dict.fromkeys((p.channel, str(p.state)) for p in rulebook.presets)
    return [incident(channel, state) for channel, state in pairs]


def told(rulebook: Rulebook, need: str, place: Place | None, *live: Incident) -> Advice:
    return advise(rulebook, Situation(NOON, need, place, incidents=live))


def pages(rulebook: Rulebook, number: int) -> Iterator[tuple[str, Outcome]]:
    yield from islice(addresses(dict(rulebook.outcomes)).items(), number % EVERY, None, EVERY)


def kept(rulebook: Rulebook, advice: Advice) -> frozenset[str]:
    """The channels that carry emergencies, with the forms of each."""
    channels = rulebook.catalogue.channels.values()
    lines = set(advice.kept_free)
    return frozenset(c.id for c in channels if lines & {c.id, c.call, c.relay_of or c.id})


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("area", PLACES)
def test_every_outcome_agrees_with_its_advice(
    reader: Client, live: Live, rulebook: Rulebook, area: str, lang: Lang
) -> None:
    place, wrong, read = rulebook.catalogue.place(area), [], 0
    for number, fault in enumerate(faults(rulebook)):
        live(fault)
        free = kept(rulebook, told(rulebook, EVERYDAY, place, fault))
        for address, outcome in pages(rulebook, number):
            path = f"{PREFIX[lang]}/in/{area}/advice/{address}/"
            page = RenderedPage.of(reader.get(path).content.decode())
            advice = told(rulebook, outcome.needs[place.nation], place, fault)
            if 'aria-labelledby="panel-h"' in page.html:
                continue
            read += 1
            wrong += [f"{fault.id} {path}: {x}" for x in broken(page, advice, free, rulebook, lang)]
    print(f"{area} {lang}: {read} pages")
    assert read > 100
    assert not wrong, "\n".join(wrong[:20])


# Pages on which a number stands in the name of a site, or twice in one sentence.
IN_A_NAME = {"999": ("deaf-health-text", "deaf-health-bsl", "trouble-abroad"), "111": ("gp-shut",)}


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("area", PLACES)
def test_the_name_of_a_site_is_no_call_and_a_number_in_the_text_is(
    reader: Client, live: Live, rulebook: Rulebook, area: str, lang: Lang
) -> None:
    place = rulebook.catalogue.place(area)
    for fault in (incident("999", "down"), incident("999", "many-failing"), incident("111")):
        live(fault)
        free = kept(rulebook, told(rulebook, EVERYDAY, place, fault))
        for outcome in (rulebook.outcomes[o] for o in IN_A_NAME[fault.channel]):
            path = f"{PREFIX[lang]}/in/{area}/advice/{outcome.address}/"
            page = RenderedPage.of(reader.get(path).content.decode())
            advice = told(rulebook, outcome.needs[place.nation], place, fault)
            assert not list(broken(page, advice, free, rulebook, lang)), (fault.id, path)
            bare = "</h1>" + spoken(rulebook.catalogue.number("111")) + " "
            worse = RenderedPage(page.html.replace("</h1>", bare, 1))
            own = {n for e in advice.entries for n in (e.number, *(f.number for f in e.forms))}
            told_off = list(broken(worse, advice, free, rulebook, lang))
            assert bool(told_off) == ("111" in free and "111" not in own), (fault.id, path)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("area", PLACES)
def test_the_block_and_every_list_agree_with_the_advice(
    reader: Client, live: Live, rulebook: Rulebook, area: str, lang: Lang
) -> None:
    place, start = rulebook.catalogue.place(area), f"{PREFIX[lang]}/in/{area}/"
    emergencies = ("police-emergency", "medical-emergency", "fire-emergency", "coastguard")
    for fault in faults(rulebook):
        live(fault)
        advised = [told(rulebook, need, place, fault) for need in emergencies]
        links = {a.first.href for a in advised if a.first.href}
        free = kept(rulebook, told(rulebook, EVERYDAY, place, fault))
        for path in ("", "now/", f"print/{area}/", "status/"):
            page = RenderedPage.of(reader.get(start + path).content.decode())
            assert set(page.buttons) == links, (fault.id, path)
            own = {e.number for a in advised for e in a.entries}
            for number in {rulebook.catalogue.number(channel) for channel in free} - own - {None}:
                assert str(number).replace(" ", "") not in page.links, (fault.id, path, number)
        for path in ("numbers/", "safety/", "accident/", "about/", "silent/", "deaf/"):
            page = RenderedPage.of(reader.get(start + path).content.decode())
            for channel in free:
                number = rulebook.catalogue.number(channel)
                listed = number and number.replace(" ", "") in page.links
                urgent = path in ("silent/", "deaf/")
                assert urgent or not listed, (fault.id, path, channel)


@pytest.mark.parametrize("lang", list(Lang))
def test_a_page_of_no_area_leads_with_what_the_engine_puts_first(
    reader: Client, live: Live, rulebook: Rulebook, lang: Lang
) -> None:
    for fault in faults(rulebook):
        live(fault)
        page = RenderedPage.of(reader.get(f"{PREFIX[lang]}/").content.decode())
        advice = told(rulebook, "police-emergency", None, fault)
        assert advice.first.href in page.buttons, fault.id


def test_a_stand_down_brings_the_ordinary_bytes_back(reader: Client, live: Live) -> None:
    paths = ("/", "/in/kent/", "/in/kent/now/", "/in/kent/advice/police-now/", "/in/kent/numbers/")
    before = [reader.get(p).content for p in paths]
    live(incident("999", "down"))
    during = [reader.get(p).content for p in paths]
    live()
    assert [reader.get(p).content for p in paths] == before
    assert all(a != b for a, b in zip(before, during, strict=True))


def test_a_local_fault_leaves_a_page_of_no_area_its_ordinary_words(
    reader: Client, live: Live
) -> None:
    before = RenderedPage.of(reader.get("/advice/police-now/").content.decode())
    live(incident("999", "down", scope=scope("police:kent")))
    after = RenderedPage.of(reader.get("/advice/police-now/").content.decode())
    assert (after.lead, after.buttons, after.answers) == (
        before.lead,
        before.buttons,
        before.answers,
    )


def test_a_lead_never_names_a_number_that_is_not_there_for_it(
    reader: Client, live: Live, rulebook: Rulebook
) -> None:
    live(incident("999", "down"))
    for address, outcome in addresses(dict(rulebook.outcomes)).items():
        advice = told(rulebook, outcome.needs[Nation.ENGLAND], rulebook.catalogue.place("kent"))
        if advice.urgency != "emergency":
            continue
        page = RenderedPage.of(reader.get(f"/in/kent/advice/{address}/").content.decode())
        if 'aria-labelledby="panel-h"' not in page.html:
            assert not named(page.lead, spoken("999")), address
