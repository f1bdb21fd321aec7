"""The laws of search, each with its count: what is put around a danger hides it nowhere, what is
over is no danger, Welsh is heard as English is, and what is nobody's matter is told so.

The sentences are those of held_out, which nobody reads: a failure tells figures, never words. Half
of the wrappers are wrappers_unseen.toml, which training does not see.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.bench.words import HeldOut, held_out
from tests.conftest import Say
from triage.search.finding import Certainty
from triage.seeds.says import OTHERS
from triage.web.context.search_query import heard, searching

HERE = Path(__file__).parent
SENTENCES, WRAPPERS = 150, 100
# What may be lost, of the panels that the sentences alone have. The goal is none.
LOST = 0.02
# Strict: what comes right must lose its mark.
SHORT = pytest.mark.xfail(reason="short of its bound: docs/search.md", strict=True)


def has_panel(words: str) -> bool:
    return searching().find(words[:4000]).panel


@lru_cache(maxsize=1)
def dangers() -> tuple[HeldOut, ...]:
    """Some sentences of danger that have their panel, as many Welsh ones as there may be."""
    chance = random.Random(7)
    found = [row for row in held_out() if row.danger and len(row.says) < 300]
    chance.shuffle(found)
    found.sort(key=lambda row: row.lang != "cy")
    welsh, english = found[: SENTENCES // 3], found[-2 * SENTENCES // 3 :]
    return tuple(row for row in (*welsh, *english) if has_panel(row.says))


def parts(file: Path, lang: str) -> tuple[list[str], list[str]]:
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return read["before"][lang], read["after"][lang]


def wrappers(file: Path, lang: str, count: int) -> list[Callable[[str], str]]:
    """Ways to put something around words: before, after, both, shouted, without stops, slips."""
    chance = random.Random(f"{file.name} {lang}")
    before, after = parts(file, lang)

    def one() -> Callable[[str], str]:
        start, end = chance.choice(before), chance.choice(after)
        stop = chance.choice([" ", ", ", ". ", "\n"])
        shape = chance.randrange(5)
        seed = chance.random()

        def wrap(words: str) -> str:
            whole = [f"{start}{stop}{words}", f"{words}{stop}{end}", f"{start} {words} {end}"]
            if shape == 3:
                return f"{start} {words}".upper()
            if shape == 4:
                return slipped(f"{words} {end}", seed)
            return whole[shape]

        return wrap

    return [one() for _ in range(count)]


def slipped(words: str, seed: float) -> str:
    """The words with two letters changed places."""
    chance, letters = random.Random(seed), list(words)
    for _ in range(2):
        at = chance.randrange(len(letters) - 1)
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


@pytest.mark.parametrize("lang", ["en", "cy"])
@pytest.mark.parametrize(
    "file", [settings.SEEDS_DIR / "says" / "wrappers.toml", HERE / "wrappers_unseen.toml"]
)
def test_what_is_put_around_a_danger_hides_it_nowhere(lang: str, file: Path, say: Say) -> None:
    rows = [row for row in dangers() if row.lang == lang]
    around = wrappers(file, lang, WRAPPERS // 2)
    lost = sum(not has_panel(wrap(row.says)) for row in rows for wrap in around)
    tried = len(rows) * len(around)
    say(f"invariance, {file.name}, {lang}: {lost} of {tried} panels lost")
    assert tried > 1000
    assert lost <= LOST * tried


CALM_STORY = {
    "en": "We got up late and had toast and I walked the dog round the park. Then I paid the "
    "gas bill and put the washing out because it was dry for once. My sister rang about the "
    "wedding and we talked about flowers and the hall and who sits where. ",
    "cy": "Mi godon ni'n hwyr a chael tost ac es i â'r ci am dro. Wedyn mi dalais i'r bil nwy a "
    "rhoi'r dillad ar y lein achos roedd hi'n sych. Ffoniodd fy chwaer am y briodas a sôn am "
    "flodau a'r neuadd a phwy sy'n eistedd lle. ",
}


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_danger_at_the_end_of_a_long_message_is_heard(lang: str, say: Say) -> None:
    rows = [row for row in dangers() if row.lang == lang]
    story = CALM_STORY[lang] * 5
    heard = [has_panel(f"{story}{row.says}") for row in rows]
    say(f"long messages, {lang}: {heard.count(False)} of {len(heard)} panels lost")
    assert len(story) > 1000
    assert heard.count(False) <= 0.05 * len(heard)


def test_a_long_calm_message_is_calm(say: Say) -> None:
    for lang, story in CALM_STORY.items():
        assert not has_panel(story), lang


# The matter is over, or it is now: (over, now). Both languages alike.
TENSES = {
    "en": [
        ("i was burgled last week", "someone is breaking in now"),
        ("my car was stolen on tuesday", "a man is stealing my car right now"),
        ("he hit me last year, i am safe now", "he is hitting me"),
        ("there was a fight here on saturday, all quiet since", "people are fighting outside"),
        ("the fire is out and nobody was hurt", "the kitchen is on fire"),
        ("i was mugged last month", "i am being mugged"),
        ("somebody smashed my window last night", "somebody is smashing my window"),
        ("saw a drunk driver last week", "there is a drunk driver swerving in front of me"),
        ("a dog bit me a fortnight ago, it has healed", "a dog is attacking a child"),
        ("my phone was stolen yesterday", "he is grabbing my phone off me"),
    ],
    "cy": [
        ("torrodd rhywun i mewn wythnos diwethaf", "mae rhywun yn torri i mewn rwan"),
        ("cafodd fy nghar ei ddwyn ddydd Mawrth", "mae dyn yn dwyn fy nghar nawr"),
        ("roedd ymladd yma nos Sadwrn, mae'n dawel ers hynny", "maen nhw'n ymladd tu allan"),
        ("mae'r tân wedi diffodd a neb wedi brifo", "mae'r gegin ar dân"),
        ("ges i fy mygio mis diwetha", "dwi'n cael fy mygio"),
        ("torrodd rhywun fy ffenest neithiwr", "mae rhywun yn malu fy ffenest i"),
        ("welais i yrrwr meddw wythnos diwethaf", "mae gyrrwr meddw o mlaen i nawr"),
        ("cafodd fy ffôn ei ddwyn ddoe", "mae o'n cipio fy ffôn i rwan"),
    ],
}


@pytest.mark.parametrize("lang", TENSES)
def test_what_is_over_hides_nothing_of_now(lang: str) -> None:
    both = [f"{over}. {now}" for over, now in TENSES[lang]]
    assert [words for words in both if not has_panel(words)] == []


@pytest.mark.parametrize("lang", TENSES)
def test_what_is_over_is_no_danger_and_what_is_now_is(lang: str, say: Say) -> None:
    pairs = TENSES[lang]
    missed = [now for _, now in pairs if not has_panel(now)]
    wolf = [over for over, _ in pairs if has_panel(over)]
    say(f"tense, {lang}: {len(missed)} missed, {len(wolf)} alarmed of {len(pairs)}")
    assert not missed
    assert len(wolf) <= len(pairs) // 3


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("999", "999 is not working"),
        ("999", "999 keeps ringing and nobody answers"),
        ("999", "i rang 999 and it cut me off"),
        ("999", "no answer from 999"),
        ("999", "dydi 999 ddim yn gweithio"),
        ("999", "mae 999 yn canu a does neb yn ateb"),
        ("999", "ges i fy nhorri i ffwrdd gan 999"),
        ("101", "101 is not working"),
        ("101", "101 just keeps ringing"),
        ("101", "dydi 101 ddim yn gweithio"),
        ("111", "111 is not working"),
        ("111", "nobody is answering 111"),
        ("111", "dydi 111 ddim yn gweithio"),
    ],
)
def test_a_number_that_fails_leads_to_its_page_in_both_languages(number: str, said: str) -> None:
    first = searching().find(said).places[0].id
    assert first == ("@failed" if number == "999" else f"@{number}")


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ("live chat", "@chat"),
        ("sgwrs fyw", "@chat"),
        ("where am i", "@where"),
        ("ble ydw i", "@where"),
        ("911", "@999"),
        ("dial 911", "@999"),
        ("nine nine nine", "@999"),
        ("naw naw naw", "@999"),
        ("triple zero", "@999"),
        ("000", "@999"),
        ("112", "@999"),
        ("persistent misuse of 999", "@999"),
        ("camddefnyddio 999", "@999"),
        ("other languages", "@languages"),
        pytest.param("ieithoedd eraill", "@languages", marks=SHORT),
    ],
)
def test_the_sites_own_matters_lead_to_their_pages(said: str, to: str) -> None:
    assert searching().find(said).places[0].id == to


@pytest.mark.parametrize("words", ["", "?!…", "zxqv wkrp", "🙂🚗", "\x00", "1234567"])
def test_what_says_nothing_leads_nowhere(words: str) -> None:
    found = searching().find(words)
    assert (found.panel, found.certainty) == (False, Certainty.NONE)
    assert not found.places


@SHORT
def test_nobodys_matter_is_seldom_an_emergency(say: Say) -> None:
    rows = [r for r in held_out() if r.kind == "idiom-or-nonsense" and r.danger is False]
    panels = sum(has_panel(row.says) for row in rows)
    told = sum(not searching().find(row.says).places for row in rows if not row.right)
    say(f"abstaining: {panels} of {len(rows)} with a panel, {told} told that it is nobody's matter")
    assert panels <= 0.25 * len(rows)


def spoken(lang: str) -> Sequence[str]:
    """What one of the other languages says of danger, out of seeds/says."""
    text = (settings.SEEDS_DIR / "says" / "languages.txt").read_text(encoding="utf-8")
    ids = searching().dangers
    found: list[str] = []
    keep = False
    for line in text.split("\n"):
        if line.startswith("="):
            _, ident, code = line.split()
            keep = code == lang and ident in ids
        elif keep and line:
            found.append(line)
    return found


@pytest.mark.parametrize("lang", OTHERS)
def test_danger_in_another_language_brings_the_panel(lang: str) -> None:
    words = spoken(lang)
    assert len(words) >= 25
    assert [word for word in words if not has_panel(word)] == []


PLACES = ("Leeds", "Cardiff", "Glasgow", "Belfast", "Leicester", "London", "Swansea", "Caerdydd",
          "Newport", "Kent", "Scotland", "Northern Ireland", "LE1 1AA",
          "Watton, Norfolk")  # fmt: skip
HAPPENED = ("heart attack", "stroke", "gran missing", "house on fire", "he is not breathing",
            "someone is breaking in", "baby drowning", "i want to die", "nain ar goll")  # fmt: skip


@pytest.mark.parametrize("happened", HAPPENED)
def test_a_town_takes_nothing_from_what_happened_there(happened: str, say: Say) -> None:
    """No panel is lost, and what came first still does, however the place is named."""
    alone = heard(happened)
    first = alone.places[0].id
    said = [f"{happened}{way}{place}" for place in PLACES for way in (" ", " in ", ", ", " near ")]
    lost = [words for words in said if not heard(words).panel]
    moved = [words for words in said if heard(words).places[0].id != first]
    say(f"places, {happened}: {len(lost)} panels lost and {len(moved)} first moved of {len(said)}")
    assert alone.panel
    assert lost == []
    assert len(moved) <= 0.05 * len(said), moved


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("stroke in Leicester", "heart-stroke"),
        ("homeless Swansea", "homeless-tonight"),
        ("power cut in Swansea", "power-cut"),
        ("gas in Belfast", "gas"),
        ("rape last week, Scotland", "sexual-recent"),
        ("mae mamgu ar goll yng Nghaerdydd", "missing-high-risk"),
    ],
)
def test_a_matter_is_the_same_in_every_town(words: str, first: str) -> None:
    assert heard(words).places[0].id == first
