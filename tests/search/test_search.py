"""Search: plain, misspelt, panicky, Welsh and senseless words, the panel, the command, the data."""

from __future__ import annotations

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from outage import bulletin
from outage.bulletin import Bulletin
from tests.cast import NOON, incident
from triage.engine.catalogue import Lang, Nation
from triage.engine.rulebook import Rulebook
from triage.engine.situation import Situation
from triage.engine.unknown_place import advise_nation
from triage.web.context.search_query import QueryTooLongError, Results, search, searching


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nothing is in force, and the last check was just now."""
    with bulletin.showing(Bulletin()):
        yield


def find(words: str, nation: Nation | None = Nation.ENGLAND, lang: Lang = Lang.EN) -> Results:
    return search(words, nation, lang, NOON)


# What the old search was tuned to and the present one, which is tuned to no test, does not hear.
# Strict: what comes right must lose its mark.
SHORT = pytest.mark.xfail(reason="short of its bound: docs/search.md", strict=True)


def first(words: str) -> str:
    """The id of the first result."""
    return find(words).results[0].id


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("nieghbour loud music", "noise-nuisance"),
        ("car nicked last nite", "vehicle-stolen-past"),
        ("bycicle stollen", "theft-past"),
        pytest.param("my hosue was burgeld yesturday", "burglary-past", marks=SHORT),
        ("dentsit", "dental-urgent"),
        pytest.param("brgld", "burglary-past", marks=SHORT),
        ("carbonmonoxide alarm", "carbon-monoxide"),
        ("dodgy e mail", "scam-email"),
    ],
)
def test_misspelt_words_are_understood(words: str, to: str) -> None:
    assert first(words) == to


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("fy nghar wedi'i ddwyn", "vehicle-stolen-past"),
        ("fy nghar wedi’i ddwyn", "vehicle-stolen-past"),
        ("mae rhywun yn torri i mewn", "burglary-now"),
        ("cymydog swnllyd", "noise-nuisance"),
        ("mae gynnon ni doriad trydan", "power-cut"),
        ("dwi isio marw", "mental-crisis-danger"),
        ("colli fy mhasbort", "lost-documents"),
        ("tan yn y gegin", "fire-now"),
    ],
)
def test_welsh_is_understood_mutated_and_without_accents(words: str, to: str) -> None:
    assert first(words) == to


@pytest.mark.parametrize(
    "words",
    [
        "HELP theres someone in my house",
        "he is not brething",
        "hes got a knife",
        "my mum has colapsed and wont wake up",
        "i want to kill myself",
        "kitchen on fire",
        "someone is drowning",
        "car crash people trapped",
        "helpwch fi mae rhywun yn y tŷ",
        "mae'r tŷ ar dân",
        "ddim yn anadlu",
        "stabbing pain in my chest",
        "she took an overdose last night",
        "smn brkng n hlp",
    ],
)
def test_danger_brings_the_panel(words: str) -> None:
    assert find(words).emergency_panel


@pytest.mark.parametrize(
    "words",
    [
        "he has a knife in his hand in the pub",
        "my child is fitting and the cat is sick",
        "got jumped at the traffic lights",
        "being attacked by a man i met on facebook",
        "dog attacking a child on the beach",
        "drunk driver on the a1 on my way home from work",
        "there is a man in my house hes got no shoes on",
        "the house fire is out of control",
        "my cat is ill and i took an overdose",
        "baby locked in car keys inside",
        "crash nobody hurt but he has a gun",
        "fireworks being thrown at cars",
        "dog walker fell down the cliff",
        "shed collapsed on my dad",
        "plentyn yn cael ei chwythu allan i'r môr",
    ],
)
def test_a_harmless_word_silences_no_other_danger(words: str) -> None:
    found = find(words)
    assert found.emergency_panel
    assert found.results[0].urgency == "emergency"


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("bag snatched on the tube yesterday", "railway-past"),
        ("my phone was nicked on a train last week", "railway-past"),
        ("ffôn wedi'i ddwyn ar y trên ddoe", "railway-past"),
        ("lost my phone on the train", "lost-on-transport"),
        ("phone stolen on the bus last week", "theft-past"),
    ],
)
def test_a_crime_on_the_railway_is_for_its_own_police(words: str, to: str) -> None:
    assert first(words) == to


@pytest.mark.parametrize(
    ("words", "channel"),
    [
        # At noon on a working day nobody answers the doctor out of hours.
        ("out of hours doctor", "pharmacy"),
        ("cattle starving", "daera"),
        ("horse starving in a field", "animals-council-ni"),
        ("river has turned orange", "env-hotline"),
    ],
)
def test_northern_ireland_has_its_own_first_channel(words: str, channel: str) -> None:
    found = find(words, Nation.NORTHERN_IRELAND).results[0].first
    assert found
    assert found.channel == channel


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("phone fell down the toilet", marks=SHORT),
        "fox with a broken leg in my garden",
        "rats in my house",
        pytest.param("my car keys locked in car", marks=SHORT),
        "beck overflowing into the street nobody in danger",
        pytest.param("shooting stars tonight", marks=SHORT),
        "fire alarm keeps beeping",
    ],
)
def test_what_happens_to_a_thing_or_calmly_is_no_danger(words: str) -> None:
    assert not find(words).emergency_panel


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("fire door in the flats is broken", marks=SHORT),
        "loud fireworks",
        "dead battery",
        "drowning in debt",
        "this tooth is killing me",
        pytest.param("weed killer", marks=SHORT),
        "panic attack last week",
        "knife amnesty",
        pytest.param("bath bomb", marks=SHORT),
        pytest.param("heart burn", marks=SHORT),
        "emergency dentist",
        "car stolen last week",
        "i was burgled yesterday",
        "my computer crashed",
        "tân gwyllt swnllyd",
        "fy nghar wedi'i ddwyn neithiwr",
        "pothole",
        "bin not collected",
    ],
)
def test_ordinary_words_do_not_cry_wolf(words: str) -> None:
    assert not find(words).emergency_panel


def test_the_panel_does_not_hang_on_the_ranking() -> None:
    assert find("zzkq blorp help me").emergency_panel


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("someone breaking in right now", "burglary-now"),
        ("someone broke in last week", "burglary-past"),
        ("someone is stealing my car right now", "vehicle-stolen-now"),
        ("car stolen last week", "vehicle-stolen-past"),
        ("mae rhywun yn dwyn fy nghar nawr", "vehicle-stolen-now"),
        ("car wedi'i ddwyn ddoe", "vehicle-stolen-past"),
    ],
)
def test_the_time_the_words_tell_decides(words: str, to: str) -> None:
    assert first(words) == to


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "?!…",
        "🙂🚗",
        "\x00",
        "asdkjh qwlekj",
        "1234567",
        "the",
    ],
)
def test_words_that_mean_nothing_find_nothing(words: str) -> None:
    found = find(words)
    assert (found.emergency_panel, found.results) == (False, ())


@pytest.mark.parametrize(
    "words",
    [
        "'; DROP TABLE users; --",
        "<script>alert(1)</script>",
        "{999} [when] %s %(x)s \\",
        "(((((((((((((((((((",
        "a'b'c'd''''''",
        "ﷺ" * 50,
        "e\u0301" * 100,
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_odd_strings_are_only_words(words: str) -> None:
    assert isinstance(find(words), Results)


def test_four_thousand_characters_are_read() -> None:
    words = ("we had tea and cake. " * 200)[:3960] + "my house is on fire"
    assert find(words).emergency_panel


def test_more_than_four_thousand_are_refused_with_the_limit() -> None:
    with pytest.raises(QueryTooLongError, match="4001 characters are too many: 4000 at most"):
        find("a" * 4001)


def test_the_same_words_give_the_same_answer() -> None:
    assert find("someone hit my car") == find("someone hit my car")


@pytest.mark.parametrize(
    ("nation", "channel"),
    [(Nation.ENGLAND, "gas-gb"), (Nation.SCOTLAND, "gas-gb"), (Nation.NORTHERN_IRELAND, "gas-ni")],
)
def test_first_is_that_of_the_nation(nation: Nation, channel: str) -> None:
    found = find("smell of gas", nation).results[0].first
    assert found is not None
    assert found.channel == channel


def test_a_caller_whose_nation_is_unknown_gets_no_number_where_nations_differ() -> None:
    gas = find("smell of gas", None).results[0]
    assert (gas.first, gas.differs) == (None, True)


def test_a_caller_whose_nation_is_unknown_gets_999_in_an_emergency() -> None:
    fire = find("house on fire", None).results[0]
    assert fire.first is not None
    assert (fire.first.channel, fire.first.ask_for, fire.differs) == ("999", "fire", False)


def test_titles_are_in_the_language_asked_for() -> None:
    en, cy = (find("power cut", lang=lang).results[0].title for lang in Lang)
    assert en != cy


def test_first_follows_what_is_in_force() -> None:
    with bulletin.showing(Bulletin(1, (incident("101"),), NOON)):
        told = find("my car was stolen last week", Nation.WALES).results[0]
    shown = [told.first.channel if told.first else None, *told.then]
    assert "101" not in shown


def test_advice_for_a_nation_is_that_of_its_areas(rulebook: Rulebook) -> None:
    advice = advise_nation(rulebook, Situation(NOON, "gas"), Nation.WALES)
    assert (advice.first.channel, advice.area) == ("gas-gb", None)


def test_what_is_typed_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        find("my husband hits me")
    assert not caplog.records


def test_a_question_takes_a_fraction_of_a_millisecond() -> None:
    find("warm up")
    before = time.process_time()
    for _ in range(200):
        searching().find("my nieghbour is playing loud music agian and i cant sleep")
    assert (time.process_time() - before) / 200 < 0.003, "mean of 200, in seconds"


def test_the_model_takes_at_most_three_megabytes() -> None:
    assert searching().model.size <= 3_000_000


def test_why_names_the_word_that_led_there() -> None:
    told = json.loads(run("the kitchen is on fire", why=True))["why"]
    assert [row["word"] for row in told] == ["the", "kitchen", "is", "on", "fire"]
    assert max(told, key=lambda row: float(row["danger"]))["word"] == "fire"


def run(*args: str, **options: str | bool) -> str:
    out = io.StringIO()
    call_command("search", *args, stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_the_contract() -> None:
    told = json.loads(run("nieghbour loud music", nation="wales", lang="cy"))
    result = told["results"][0]
    assert (told["emergency_panel"], result["kind"]) == (False, "outcome")
    assert list(result) == ["kind", "id", "title", "urgency", "first", "then"]
    assert list(result["first"]) == ["channel", "number", "ask_for"]


def test_a_question_has_no_first() -> None:
    results = json.loads(run("animal"))["results"]
    assert next(r["first"] for r in results if r["kind"] == "question") is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"nation": "walse"}, 'nation "walse" is unknown. Did you mean "wales"?'),
        ({"lang": "fr"}, 'lang "fr" is unknown.'),
    ],
)
def test_a_wrong_option_is_refused_with_exit_two(options: dict[str, str], told: str) -> None:
    with pytest.raises(CommandError) as stopped:
        run("gas", **options)
    assert stopped.value.returncode == 2
    assert told in str(stopped.value)


def lines(monkeypatch: pytest.MonkeyPatch, *rows: bytes) -> tuple[list[Any], int]:
    """What `search -` prints for these lines, and its exit code."""
    given = io.TextIOWrapper(io.BytesIO(b"\n".join(rows)))
    monkeypatch.setattr("sys.stdin", given)
    out, code = io.StringIO(), 0
    try:
        call_command("search", "-", stdout=out)
    except CommandError as error:
        code = error.returncode
    return [json.loads(line) for line in out.getvalue().splitlines()], code


def test_each_line_is_answered_by_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (b'{"q": "gas leak", "nation": "wales", "lang": "cy"}', b"", b'{"q": "power cut"}')
    told, code = lines(monkeypatch, *rows)
    assert [t["results"][0]["id"] for t in told] == ["gas-smell", "power-cut"]
    assert code == 0


@pytest.mark.parametrize(
    "row",
    [
        b"{",
        b"3",
        b"{}",
        b'{"q": 3}',
        b'{"q": "gas", "natoin": "wales"}',
        b'{"q": "gas", "nation": 3}',
        b'{"q": "gas", "lang": "fr"}',
        b'{"q": "' + b"a" * 4001 + b'"}',
        b'{"q": "\xff"}',
    ],
)
def test_a_bad_line_is_answered_in_its_place(monkeypatch: pytest.MonkeyPatch, row: bytes) -> None:
    told, code = lines(monkeypatch, row, b'{"q": "gas leak"}')
    assert set(told[0]["error"]) == {"what", "where", "do"}
    assert told[0]["error"]["where"] == "line 1"
    assert told[1]["results"]
    assert code == 2
