"""Every row of the triage rules (facts 2.1 to 2.5) is an outcome, with the right first channel.

A row names its outcome and what an ordinary day's advice puts first in England, Wales, Scotland
and Northern Ireland; one word stands for all four. What the words say is for the reader.
"""

from __future__ import annotations

import pytest

from tests.cast import Cast

POLICE = "police-online"
FRAUD = "report-fraud-online report-fraud-online 101 report-fraud-online"
HIGHWAYS = "national-highways traffic-wales traffic-scotland roads-ni"
GAS = "gas-gb gas-gb gas-gb gas-ni"
POWER = "power-105 power-105 power-105 power-ni"
WATER = "water-company water-company scottish-water water-ni"
COUNCIL = "council-online council-online council-online"
# By the clock of the cast: social workers by day, the emergency line when offices are shut.
CHILD_NI = "gateway-ni"
ADULT_NI = "adult-belfast"
ROWS = (
    # 2.1 Police
    ("T-P1 a crime now, danger to life, violence", "police-now", "999"),
    ("T-P2 they have only just gone", "theft-now", "999"),
    ("T-P3 a crime about to start", "suspicious-now", "999"),
    ("T-P4 a serious collision", "collision-serious", "999"),
    ("T-P5 a child missing", "missing-high-risk", "999"),
    ("T-P6 and T-P7 the same in every nation", "burglary-now", "999"),
    ("T-P8 others may have called", "fight-now", "999"),
    # 2.2 Ambulance
    ("T-A1 not breathing", "not-breathing", "999"),
    ("T-A2 and T-A3 heart and stroke", "heart-stroke", "999"),
    ("T-A4 to T-A10 any red flag", "ambulance-now", "999"),
    ("T-A11 a very ill child", "child-seriously-ill", "999"),
    ("T-A12 an overdose", "overdose", "999"),
    ("T-A12 poison with symptoms", "poisoning-now", "999"),
    ("T-A13 carbon monoxide with symptoms", "carbon-monoxide-ill", "999"),
    ("T-A14 a birth, or bleeding in pregnancy", "pregnancy-emergency", "999"),
    ("not sure and no red flag", "health-urgent", "111 111 111 gp-pharmacy"),
    # 2.3 Fire and coastguard
    ("T-F1 a fire", "fire-now", "999"),
    ("T-F2 flood water", "flood-danger", "999"),
    ("T-F3 chemicals", "chemical-danger", "999"),
    ("T-F4 a fire that is out, in doubt", "fire-out", "999"),
    ("T-C1 the sea, cliffs, mud", "coastguard-now", "999"),
    ("T-C1 a river, lake or canal", "river-danger", "999"),
    ("T-C3 a shell on a beach", "washed-up-danger", "999"),
    # 2.4 Not urgent
    ("T-N1 a crime that is over", "crime-past-other", POLICE),
    ("T-N2 a car stolen and gone", "vehicle-stolen-past", POLICE),
    ("T-N2 damage", "damage-past", POLICE),
    ("T-N2 drug dealing suspected", "drug-dealing-info", POLICE),
    ("T-N2 a question", "general-question", f"ask-the-police ask-the-police {POLICE} {POLICE}"),
    ("T-N4 on the railway", "railway-past", f"btp-text btp-text btp-text {POLICE}"),
    ("T-N5 without a name", "crime-tip-anonymous", "crimestoppers"),
    # 2.5 Situations
    ("domestic abuse now", "harm-now", "999"),
    ("domestic abuse, to talk", "abuse-help", "da-england da-wales da-scotland da-ni"),
    ("a drunk driver now", "drink-driver-now", "999"),
    ("a drunk driver, past", "drink-driver-past", POLICE),
    ("a collision, nobody hurt", "collision-minor", POLICE),
    ("a burglary that is over", "burglary-past", POLICE),
    ("sexual assault, recent", "sexual-recent", "sarc da-wales sarcs-scotland da-ni"),
    ("sexual assault, long ago", "sexual-past", "rape-ew rape-ew rape-crisis-scotland da-ni"),
    ("hate crime now", "hate-now", "999"),
    ("hate crime, past", "hate-past", POLICE),
    ("fraud acting now", "fraud-now", "999"),
    ("money just sent", "bank-fraud-now", "bank-159"),
    ("fraud, past", "fraud-past", FRAUD),
    ("a scam text", "scam-text", "scam-text-7726"),
    ("a scam email", "scam-email", "phishing-email"),
    ("a live cyber attack", "cyber-attack", "report-fraud report-fraud 101 report-fraud"),
    ("a hacked account", "hacked-account", FRAUD),
    ("blackmail with images", "images-threatened", POLICE),
    ("blackmail, under 18", "images-under-18", "childline"),
    ("a child at risk now", "child-at-risk-now", "999"),
    ("a child at risk", "child-concern", f"{COUNCIL} {CHILD_NI}"),
    ("an adult missing", "missing-person", "101"),
    ("a life at immediate risk", "mental-crisis-danger", "999"),
    ("a mental-health crisis", "mental-crisis", "mh-111 mh-111 mh-111 lifeline-ni"),
    ("a welfare check, immediate", "welfare-now", "999"),
    ("a welfare check", "worried-about-adult", f"{COUNCIL} {ADULT_NI}"),
    ("something suspicious, past", "suspicious-past", POLICE),
    ("an attack", "terror-now", "999"),
    ("an item left on the railway", "railway-item", "999"),
    ("terrorism suspected", "terror-tip", "anti-terror-hotline"),
    ("trouble in the street now", "asb-now", "999"),
    ("trouble in the street, past", "asb-past", POLICE),
    ("noise", "noise-nuisance", "council-online"),
    (
        "a dispute",
        "neighbour-dispute",
        "citizens-advice citizens-advice citizens-advice advice-ni",
    ),
    ("an abandoned vehicle", "abandoned-vehicle", "council-online"),
    ("dangerous parking", "parking-dangerous", POLICE),
    ("parking", "parking-nuisance", "council-online"),
    ("a blocked drive", "blocked-drive", "council-online"),
    ("dumping now", "fly-tipping-now", "env-hotline env-wales council-online council-online"),
    ("dumped waste", "fly-tipping", "council-online"),
    ("lost property", "lost-property", f"ask-the-police ask-the-police {POLICE} {POLICE}"),
    ("found property", "found-property", POLICE),
    ("a drone in danger of hurting", "drone-danger-now", "999"),
    ("a drone", "drone-nuisance", POLICE),
    ("a camera", "privacy-camera", "ico"),
    ("a dog attacking", "dog-attack-now", "999"),
    ("a dangerous dog, past", "dog-dangerous-past", POLICE),
    ("a stray", "stray-dog", "council-online"),
    ("a dog in a hot car", "dog-hot-car", "999"),
    ("an animal badly treated", "animal-cruelty", "rspca rspca sspca animals-council-ni"),
    ("a farm animal badly treated", "farm-animal-cruelty", "rspca rspca sspca daera"),
    ("a hurt pet", "injured-pet", "vet"),
    ("an animal on the road now", "animal-on-road-now", "999"),
    ("an animal by the road", "animal-on-road", "101"),
    ("a flood to report", "flood-report", "env-hotline env-wales council-online flood-ni"),
    ("a flood warning", "flood-warning", "floodline floodline floodline flood-ni"),
    ("a power cut", "power-cut", POWER),
    ("a power cut and failing equipment", "medical-kit-failing", "999"),
    ("a wire down and people at risk", "power-danger", "999"),
    ("a smell of gas", "gas-smell", GAS),
    ("gas and a collapse", "gas-danger", "999"),
    ("carbon monoxide, nobody ill", "carbon-monoxide", GAS),
    ("a burst pipe", "water-leak", WATER),
    ("a burst pipe and danger", "burst-danger", "999"),
    ("a live lane", "motorway-breakdown-danger", "999"),
    ("a motorway hazard", "motorway-debris", HIGHWAYS),
    ("an old bomb or a gun", "weapon-found", "999"),
    ("hurt at work", "injury-minor", "111 111 111 phone-first-belfast"),
    (
        "dead swans",
        "dead-birds",
        "dead-birds-online dead-birds-online dead-birds-online dead-birds-ni",
    ),
    ("a faulty thing", "consumer-dispute", "consumer-ew consumer-ew consumer-scotland consumer-ni"),
)


@pytest.mark.parametrize(("row", "outcome", "first"), ROWS, ids=[row for row, _, _ in ROWS])
def test_a_row_of_the_triage_rules_is_an_outcome(
    cast: Cast, row: str, outcome: str, first: str
) -> None:
    needs = cast.rulebook.outcomes[outcome].needs
    places = (cast.leeds, cast.cardiff, cast.glasgow, cast.belfast)
    wanted = first.split() if " " in first else [first] * len(places)
    told = [cast.ask(needs[p.nation], p).first.channel for p in places]
    assert told == wanted, row
