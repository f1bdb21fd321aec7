"""What is added to a public timeline: claims with sources, questions with their answers."""

from __future__ import annotations

from typing import Any

import pytest

from outage import lifecycle
from outage.models import Event, Incident
from outage.writing import By, Refused
from tests.outage.said import bulletin, published

pytestmark = pytest.mark.django_db

CLAIM = {"en": "9,641 calls were lost", "cy": "Collwyd 9,641 o alwadau", "source": "The report"}
ASKED = {"en": "What happened?", "cy": "Beth ddigwyddodd?", "issuer": "The commissioner",
         "asked_of": "The telephone company"}  # fmt: skip


def added(by: By, row: Incident, kind: str, entry: dict[str, Any]) -> Incident:
    return lifecycle.add(by, row.slug, Incident.objects.get(pk=row.pk).version, kind, entry)


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
    ann: By, kind: str, more: dict[str, str], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        added(ann, published(ann), kind, CLAIM | more)


def test_a_question_stays_open_in_public_until_it_is_answered(ann: By) -> None:
    row = published(ann)
    added(ann, row, "assurance", ASKED)
    asked = [e.words.en for e in bulletin().stories[row.slug].entries if e.kind == "assurance"]
    assert asked == ["Asked of The telephone company: What happened? No answer is on record yet."]
    answer = {"en": "A cable broke", "cy": "Torrodd cebl", "issuer": "The telephone company",
              "answers": str(Event.objects.get(kind="assurance").number)}  # fmt: skip
    added(ann, row, "assurance", answer)
    told = {e.words.en for e in bulletin().stories[row.slug].entries}
    assert {"Asked of The telephone company: What happened?", "Answer: A cable broke"} <= told
