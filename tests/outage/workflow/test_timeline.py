"""What is added to a public timeline: claims with sources, questions with their answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from outage import bulletin as door
from outage.bulletin import Bulletin, Story, StoryEntry
from outage.models import Event, Incident
from outage.publish import loader
from outage.statements import timeline_entries, timeline_text
from outage.statements.actor import Actor
from outage.statements.errors import RefusedError
from outage.workflow import endings
from tests.cast import NOON
from tests.cast import incident as stated
from tests.outage.panel.test_panel import now, soon
from tests.outage.said import added as said_by_two
from tests.outage.said import bulletin, published
from triage import clock
from triage.engine.catalogue import Text

pytestmark = pytest.mark.django_db

CLAIM = {"en": "9,641 calls were lost", "cy": "Collwyd 9,641 o alwadau", "source": "The report"}
ASKED = {"en": "What happened?", "cy": "Beth ddigwyddodd?", "issuer": "The commissioner",
         "asked_of": "The telephone company"}  # fmt: skip


def added(by: Actor, row: Incident, kind: str, entry: dict[str, Any]) -> Incident:
    return said_by_two(by, row.slug, Incident.objects.get(pk=row.pk).version, kind, entry)


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("claim", {"source": ""}, "its source"),
        ("regulator", {"source": ""}, "its source"),
        ("claim", {"cy": " "}, "the Welsh"),
        ("assurance", {}, "who says so, whom it was asked of"),
        ("comment", {}, "who says so"),
        ("claim", {"source_url": "javascript:alert(1)"}, "begins with https://"),
        ("claim", {"en": "x" * 601}, "At most 600"),
        ("claim", {"at": "2099-01-01T00:00:00+00:00"}, "not come yet"),
        ("claim", {"answers": "1", "issuer": "BT"}, "names the question"),
        ("assurance", {"answers": "x", "issuer": "BT"}, "names the question"),
        ("gossip", {}, "is not one of"),
    ],
)
def test_an_entry_that_lacks_something_is_refused(
    ann: Actor, kind: str, more: dict[str, str], says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        added(ann, published(ann), kind, CLAIM | more)


def test_a_question_stays_open_in_public_until_it_is_answered(ann: Actor) -> None:
    row = published(ann)
    added(ann, row, "assurance", ASKED)
    asked = [e.words.en for e in bulletin().stories[row.slug].entries if e.kind == "assurance"]
    assert asked == ["Asked of The telephone company: What happened? No answer is on record yet."]
    answer = {"en": "A cable broke", "cy": "Torrodd cebl", "issuer": "The telephone company",
              "answers": str(Event.objects.get(kind="assurance").number)}  # fmt: skip
    added(ann, row, "assurance", answer)
    told = {e.words.en for e in bulletin().stories[row.slug].entries}
    assert {"Asked of The telephone company: What happened?", "Answer: A cable broke"} <= told


def test_what_is_watched_for_an_hour_is_over_after_it(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = published(now(ann), soon())
    endings.stand_down(now(ann), row.slug, row.version, watch=timedelta(hours=1))
    link, ended = f'/incident/{row.slug}/">', "<dt>Ended</dt>"
    with door.showing(loader.BulletinLoader().bulletin(clock.now())):
        status = Client().get("/in/leicestershire/status/").content.decode()
        assert link not in status.split("<h2>Over</h2>")[-1]
        assert ended not in Client().get(f"/incident/{row.slug}/").content.decode()
        real = clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=61))
        status = Client().get("/in/leicestershire/status/").content.decode()
        assert link in status.split("<h2>Over</h2>")[-1]


SAID = sorted(timeline_text.SAID)


@pytest.mark.parametrize("lang", ["", "/cy"])
@pytest.mark.parametrize("kind", [*SAID, *timeline_entries.KINDS])
def test_the_page_of_an_incident_knows_every_kind_of_entry(kind: str, lang: str) -> None:
    incident = stated("999", id="x")
    words = Text("Words", "Geiriau")
    story = Story("x", words, incident, (StoryEntry(NOON, kind, words, "A force"),))
    with door.showing(Bulletin(1, (incident,), stories={"x": story})):
        assert Client().get(f"{lang}/incident/x/").status_code == 200
