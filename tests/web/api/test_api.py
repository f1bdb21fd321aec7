"""/api/v1/: the values of advice.md for anybody, with one shape for what is wrong."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from pydantic import ValidationError

from outage.bulletin import Story, StoryEntry
from tests.cast import Cast, ago, channels, incident, issuer, later, notice, number, scope
from tests.web.conftest import Live
from triage.engine.advice import to_json
from triage.engine.catalogue import Text
from triage.engine.situation import Status
from triage.web.api.editions import EditionLog
from triage.web.api.schemas import advice as advice_schemas
from triage.web.api.schemas.advice import AdviceOut
from triage.web.api.schemas.catalogue import AreasOut, ChannelsOut
from triage.web.api.schemas.incidents import IncidentOut, StatusOut
from triage.web.api.schemas.shared import Out, TextOut
from triage.web.api.schemas.tree import QuestionsOut, SearchOut

LEICESTER = incident(
    "999",
    "many-failing",
    id="leicester-999",
    scope=scope("police:leicestershire"),
    issuer=issuer("Leicestershire Police", of="police:leicestershire"),
    notices=(notice("police-emergency", "replace", "101"),),
    numbers=(number("01632 960123", "police:leicestershire"),),
)
READ = (
    "advice?need=police-emergency",
    "advice?outcome=burglary-past&area=kent",
    "status",
    "status?area=leicestershire",
    "changes",
    "incidents",
    "incidents/leicester-999",
    "areas",
    "areas/kent",
    "channels",
    "channels?nation=wales",
    "channels/999",
    "questions",
    "openapi.json",
)


def get(reader: Client, path: str, **given: Any) -> Any:
    return reader.get(f"/api/v1/{path}", **given).json()


def test_each_channel_says_whether_somebody_answers_now(reader: Client) -> None:
    listed = {c["id"]: c for c in get(reader, "channels?nation=wales")["channels"]}
    assert listed["999"]["open_now"] is True
    assert listed["in-person"]["open_now"] is None
    for channel in ("999", "in-person", "consumer-ew"):
        alone = get(reader, f"channels/{channel}?nation=wales")
        assert alone["open_now"] == listed[channel]["open_now"]


def test_a_caller_in_leeds_is_told_999_with_the_digits_in_its_name(reader: Client) -> None:
    told = get(reader, "advice?need=police-emergency&council=E08000035")
    assert told["first"]["href"] == "tel:999"
    assert told["first"]["label"]["cy"] == "999, y rhif argyfwng"


def test_the_api_says_what_the_engine_says(reader: Client, live: Live, cast: Cast) -> None:
    live(LEICESTER)
    told = get(reader, "advice?need=police-emergency&area=leicestershire")
    place = cast.place("leicestershire")
    advice = cast.ask("police-emergency", place, LEICESTER)
    assert [told["first"]["channel"], *(e["channel"] for e in told["then"])] == channels(advice)
    assert told["edition"] == advice.edition


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("advice?need=fraud&area=rutland-of-old", "area"),
        ("areas/rutland-of-old", "slug"),
    ],
)
def test_a_slug_from_before_a_merger_goes_on_working(reader: Client, path: str, where: str) -> None:
    assert get(reader, path)[where] == "leicestershire"


@pytest.mark.usefixtures("merged")
def test_lists_know_a_slug_from_before_a_merger(reader: Client, live: Live) -> None:
    live(LEICESTER)
    status = get(reader, "status?area=rutland-of-old")
    assert [a["area"] for a in status["areas"]] == ["leicestershire"]
    listed = get(reader, "incidents?area=rutland-of-old")["incidents"]
    assert [i["id"] for i in listed] == ["leicester-999"]


def test_what_is_to_be_said_comes_in_words_of_both_languages(reader: Client, live: Live) -> None:
    live(LEICESTER)
    told = get(reader, "advice?need=police-emergency&area=leicestershire")
    words = {s["code"]: s["words"] for s in told["say"]}
    assert words["do-not-test-call"]["en"]
    assert "{" not in "".join(w["en"] + w["cy"] for w in words.values())


def test_without_a_place_it_says_where_things_differ(reader: Client, live: Live) -> None:
    live(LEICESTER)
    told = get(reader, "advice?need=police-emergency")
    assert told["first"]["channel"] == "999"
    assert told["differs"][0]["areas"] == ["leicestershire"]
    assert told["differs"][0]["first"]["channel"] == "101"


def test_an_outcome_brings_the_need_of_its_nation(reader: Client) -> None:
    told = get(reader, "advice?outcome=farm-animal-cruelty&find=Taunton")
    assert told["need"] == "animals-cruelty"


def test_an_outcome_that_differs_by_nation_asks_for_a_place(reader: Client) -> None:
    answer = reader.get("/api/v1/advice?outcome=farm-animal-cruelty")
    assert answer.status_code == 409
    assert "scotland: " in answer.json()["what_to_do"]


def test_a_postcode_is_refused_in_an_address_and_taken_by_post(reader: Client) -> None:
    given = {"need": "fraud", "find": "BT1 5GS"}
    assert reader.get("/api/v1/advice", given).status_code == 400
    sent = reader.post("/api/v1/advice", given, content_type="application/json")
    assert sent.json()["area"] == "northern-ireland"
    assert sent["Cache-Control"] == "no-store"


def test_a_network_matters_while_an_incident_is_about_it(reader: Client, live: Live) -> None:
    live(incident("mobile-voice", "down", scope=scope(networks=("ee",))))
    asked = "advice?need=police-emergency&area=kent"
    assert "which-network" in [s["code"] for s in get(reader, asked)["say"]]
    assert get(reader, f"{asked}&network=ee&line=mobile")["first"]["channel"] != "999"


def test_the_status_of_an_area_names_its_worst_state(reader: Client, live: Live) -> None:
    live(LEICESTER, incident("999", "delayed"))
    assert get(reader, "status?area=leicestershire")["areas"][0]["channels"] == {
        "999": "many-failing"
    }
    assert get(reader, "status?area=kent")["areas"][0]["channels"] == {"999": "delayed"}


def test_the_status_says_what_nobody_has_looked_at_in_time(reader: Client, live: Live) -> None:
    live(LEICESTER, incident("101", id="late", review_at=ago(minutes=1)))
    status = get(reader, "status")
    assert status["in_force"] == ["late", "leicester-999"]
    assert status["overdue"] == ["late"]


def test_every_area_has_a_status(reader: Client, cast: Cast) -> None:
    listed = [a["area"] for a in get(reader, "status")["areas"]]
    assert listed == list(cast.rulebook.catalogue.areas)


def test_an_incident_tells_its_numbers_while_it_lasts(reader: Client, live: Live) -> None:
    live(LEICESTER)
    assert get(reader, "incidents/leicester-999")["numbers"][0]["number"] == "01632 960123"
    story = Story("leicester-999", Text("t", "t"), LEICESTER, (), ended_at=ago(minutes=1))
    live(stories=(story,))
    told = get(reader, "incidents/leicester-999")
    assert (told["phase"], told["numbers"]) == ("ended", [])


def test_a_timeline_stands_newest_first(reader: Client, live: Live) -> None:
    lines = tuple(StoryEntry(ago(minutes=m), "amended", Text(f"{m}", f"{m}"), "BT") for m in (1, 5))
    live(LEICESTER, stories=(Story("leicester-999", Text("t", "t"), LEICESTER, lines),))
    told = get(reader, "incidents?area=leicestershire")["incidents"][0]["timeline"]
    assert [e["words"]["en"] for e in told] == ["1", "5"]
    assert get(reader, "incidents?area=kent")["incidents"] == []


@pytest.mark.parametrize("status", [Status.DRAFT, Status.EXERCISE])
def test_a_draft_and_an_exercise_are_not_told(reader: Client, live: Live, status: Status) -> None:
    live(incident("999", status=status))
    assert get(reader, "incidents")["incidents"] == []
    assert get(reader, "status")["in_force"] == []


def test_planned_work_is_told_before_it_starts(reader: Client, live: Live) -> None:
    live(incident("101", planned=True, starts_at=later(hours=3), ends_at=later(hours=5)))
    assert get(reader, "incidents")["incidents"][0]["phase"] == "planned"
    assert get(reader, "status")["in_force"] == []


def test_a_postcode_of_two_forces_gives_both(reader: Client) -> None:
    sent = reader.post("/api/v1/find", {"q": "EC2V 7HH"}, content_type="application/json").json()
    assert {c["area"] for c in sent["candidates"]} >= {"city-of-london"}
    assert sent["outside"] is None


def test_search_leads_from_plain_words_to_todays_advice(reader: Client, live: Live) -> None:
    asked = {"q": "my house is on fire", "nation": "wales", "lang": "cy"}
    told = reader.post("/api/v1/search", asked, content_type="application/json").json()
    assert told["emergency_panel"]
    assert set(told["results"][0]) == {"kind", "id", "title", "urgency", "first", "then"}


def test_every_option_of_the_tree_leads_somewhere(reader: Client) -> None:
    tree = get(reader, "questions")
    known = {q["id"] for q in tree["questions"]} | {o["id"] for o in tree["outcomes"]}
    assert tree["start"] in known
    assert {o["to"] for q in tree["questions"] for o in q["options"]} <= known


def test_no_brace_is_left_in_any_word(reader: Client, live: Live) -> None:
    live(LEICESTER)
    for path in READ[:-1]:
        words = reader.get(f"/api/v1/{path}").content.decode()
        assert not any(f"{{{number}}}" in words for number in ("999", "101", "111", "105")), path


@pytest.mark.parametrize("path", READ)
def test_reading_asks_no_query_and_leaves_no_cookie(reader: Client, live: Live, path: str) -> None:
    live(LEICESTER)
    # No test here is given a database: a query would raise.
    answer = reader.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_an_answer_that_has_not_changed_is_not_sent_again(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = reader.get("/api/v1/status?area=kent")["ETag"]
    monkeypatch.setattr("triage.clock.now", lambda: later(minutes=3))
    again = reader.get("/api/v1/status?area=kent", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"


def test_an_answer_that_has_changed_has_another_tag(reader: Client, live: Live) -> None:
    path = "/api/v1/advice?need=police-emergency&area=leicestershire"
    tag = reader.get(path)["ETag"]
    live(LEICESTER)
    assert reader.get(path, headers={"if-none-match": tag}).status_code == 200
    live()
    assert reader.get(path, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "where", "hint"),
    [
        ("advice", 409, "query", "Give a need or an outcome"),
        ("advice?need=fruad", 400, "query.need", 'Did you mean "fraud"?'),
        ("advice?nede=fraud", 400, "query.nede", 'Did you mean "need"?'),
        ("advice?need=fraud&need=fraud", 400, "query.need", "Give it once"),
        ("advice?need=fraud&area=knet", 400, "query.area", 'Did you mean "kent"?'),
        ("advice?need=fraud&network=eee", 400, "query.network", 'Did you mean "ee"?'),
        ("advice?need=fraud&line=mobil", 400, "query.line", 'Did you mean "mobile"?'),
        ("advice?need=fraud&afloat=yes", 400, "query.afloat", "openapi.json"),
        ("advice?need=fraud&find=Newport", 409, "query.find", "Give one of them as area"),
        ("advice?need=fraud&find=Atlantis", 404, "query.find", "Try a town"),
        ("advice?need=fraud&police=kent&fire=essex", 409, "query", "Give one area"),
        ("advice?need=fraud&find=Taunton&area=kent", 409, "query.find", "Give find or area"),
        ("advice?need=noise&outcome=burglary-now", 409, "query.need", "Give one of the two"),
        ("status?area=", 400, "query.area", "openapi.json"),
        ("areas?x=1", 400, "query.x", "It takes none"),
        ("areas/knet", 404, "path.slug", 'Did you mean "kent"?'),
        ("channels/text-rely-999", 404, "path.id", 'Did you mean "text-relay-999"?'),
        ("incidents/none", 404, "path.id", "GET /api/v1/incidents"),
        ("nowhere", 404, "path", "openapi.json"),
        ("", 404, "path", "openapi.json"),
    ],
)
def test_a_wrong_address_is_told_what_where_and_what_to_do(
    reader: Client, path: str, status: int, where: str, hint: str
) -> None:
    answer = reader.get(f"/api/v1/{path}")
    said = answer.json()
    assert (answer.status_code, said["where"]) == (status, where)
    assert hint in said["what_to_do"]
    assert set(said) - {"candidates"} == {"what", "where", "what_to_do", "more"}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("{", "body"),
        ("", "body"),
        ("[]", "body"),
        ("null", "body"),
        ('{"q": 1}', "body.q"),
        ('{"q": ""}', "body.q"),
        ('{"q": "x", "nation": "wales"}', "body.nation"),
        ('{"q": "\\ud800"}', "body.q"),
        ('{"\\ud800": "x", "q": "x"}', "body"),
        ("[" * 100_000, "body"),
    ],
)
def test_a_wrong_body_is_told_what_is_wrong(reader: Client, body: str, where: str) -> None:
    answer = reader.post("/api/v1/find", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["where"].startswith(where)


def test_a_body_that_is_too_large_is_refused(reader: Client) -> None:
    answer = reader.post("/api/v1/find", "x" * 3_000_000, content_type="application/json")
    assert (answer.status_code, answer.json()["where"]) == (413, "body")


def test_another_method_is_told_which_ones_there_are(reader: Client) -> None:
    answer = reader.delete("/api/v1/find")
    assert (answer.status_code, answer["Allow"]) == (405, "OPTIONS, POST")
    assert answer.json()["where"] == "method"


def test_a_fault_of_our_own_is_told_in_the_one_shape(
    reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("of our own")

    monkeypatch.setattr("triage.web.api.views.bulletin.reading", broken)
    answer = reader.get("/api/v1/status")
    assert (answer.status_code, answer.json()["where"]) == (500, "server")
    assert "of our own" not in answer.json()["what_to_do"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ZeroDivisionError" in caplog.text


def test_a_browser_may_ask_first(reader: Client) -> None:
    answer = reader.options("/api/v1/search-or-not")
    assert answer.status_code == 204
    assert reader.options("/api/v1/find")["Access-Control-Allow-Methods"] == "OPTIONS, POST"


def test_an_answer_that_could_not_be_checked_says_since_when(
    reader: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert get(reader, "status")["unchecked_since"] is None
    later_on = time.monotonic() + 130
    monkeypatch.setattr("triage.clock.steady", lambda: later_on)
    assert get(reader, "status")["unchecked_since"] is not None


def test_the_openapi_lists_the_ids_there_are(reader: Client, cast: Cast) -> None:
    listed = get(reader, "openapi.json")["paths"]["/api/v1/advice"]["get"]["parameters"]
    values = {p["name"]: p["schema"].get("enum") for p in listed}
    assert values["area"] == list(cast.rulebook.catalogue.areas)
    assert values["need"] == list(cast.rulebook.needs)


def test_a_field_that_is_not_described_cannot_be_sent() -> None:
    with pytest.raises(ValidationError, match="extra"):
        TextOut.model_validate({"en": "a", "cy": "b", "fr": "c"})
    answers = [AdviceOut, StatusOut, IncidentOut, AreasOut, ChannelsOut, QuestionsOut, SearchOut]
    assert all(issubclass(answer, Out) for answer in answers)
    assert Out.model_config["extra"] == "forbid"


def test_an_advice_with_a_field_too_many_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    known = to_json
    monkeypatch.setattr(advice_schemas, "to_json", lambda given: {**known(given), "more": 1})
    answer = Client(raise_request_exception=False).get("/api/v1/advice?need=police-emergency")
    assert answer.status_code == 500
    assert answer.json()["what"] == "the service has a fault of its own"


def test_a_guess_is_answered_with_the_places_it_may_mean(reader: Client) -> None:
    answer = reader.post(
        "/api/v1/advice", {"need": "fraud", "find": "Newprt"}, content_type="application/json"
    )
    said = answer.json()
    assert (answer.status_code, said["where"]) == (409, "body.find")
    assert {c["area"] for c in said["candidates"]} >= {"gwent"}
    assert "candidates" not in reader.get("/api/v1/advice?need=fraud&find=Atlantis").json()


@pytest.mark.parametrize("uses", ["text", "sign", "silent"])
def test_how_somebody_communicates_is_asked_with_any_need(reader: Client, uses: str) -> None:
    path = "/api/v1/advice?need=police-emergency&area=kent"
    spoken, other = (reader.get(p).json()["first"] for p in (path, f"{path}&uses={uses}"))
    assert other["channel"] != spoken["channel"]


def test_a_council_is_told_as_the_place_it_is(reader: Client) -> None:
    told = reader.get("/api/v1/advice?need=police-emergency&council=E06000017").json()
    assert (told["area"], told["council"]) == ("leicestershire", "E06000017")


def changes(reader: Client, since: str = "") -> Any:
    return reader.get("/api/v1/changes" + (f"?since={since}" if since else "")).json()


def test_a_cache_is_told_which_areas_have_changed_since_its_edition(
    reader: Client, live: Live
) -> None:
    before = changes(reader)
    assert len(before["areas"]) == 56
    assert changes(reader, before["edition"])["areas"] == []
    live(LEICESTER)
    after = changes(reader, before["edition"])
    assert (after["known"], [a["area"] for a in after["areas"]]) == (True, ["leicestershire"])
    own = reader.get("/api/v1/status?area=leicestershire").json()["edition"]
    assert after["areas"][0]["edition"] == own


def test_an_edition_that_is_not_known_means_that_all_may_have_changed(reader: Client) -> None:
    told = changes(reader, "0" * 16)
    assert (told["known"], len(told["areas"])) == (False, 56)


def test_the_editions_that_are_remembered_are_bounded() -> None:
    log = EditionLog(most=2)
    for whole in ("a", "b", "c"):
        log.before(None, whole, {"kent": whole})
    assert log.before("a", "c", {}) is None
    assert log.before("b", "c", {}) == {"kent": "b"}


def test_a_program_is_told_how_often_it_may_post(reader: Client, settings: Any) -> None:
    settings.POSTS_A_MINUTE = 3
    client = Client()
    kind = "application/json"
    told = [client.post("/api/v1/find", {"q": "Kent"}, content_type=kind) for _ in range(4)]
    assert [t.status_code for t in told] == [200, 200, 200, 429]
    assert {t["RateLimit-Policy"] for t in told} == {'"posts";q=3;w=60'}
    assert [t["RateLimit"].split(";")[1] for t in told] == ["r=2", "r=1", "r=0", "r=0"]
    assert "RateLimit" in told[0]["Access-Control-Expose-Headers"]
