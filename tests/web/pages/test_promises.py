"""What the police's own pages promise (facts, "promises of the source documents"): each stands here
in our words, and is found in at most two taps from an area's home page.

A row is the promise, the way to it, and words that stand there. A way is the links to follow, or
words to type: pressing Find is the first tap, and one of the first three results the second.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.web.kinds import Reader

HOME = "/in/leicestershire/"
Way = list[str] | str
ROWS: tuple[tuple[str, Way, str], ...] = (
    ("a landline stays open for 45 seconds", ["silent/"], "open for 45 seconds"),
    ("a landline shows the place", ["silent/"], "see the address of the phone"),
    ("55 does not track", ["silent/"], "does not tell the police where you are"),
    ("cough, tap, speak softly", ["silent/"], "cough or tap the phone"),
    ("the police listen to the background", ["silent/"], "listen to what goes on around you"),
    ("misuse is a crime", "persistent misuse of 999", "is a crime: it puts lives at risk"),
    ("misuse ends in court", "hoax call to 999", "taken to court"),
    ("call 999 when: the police", ["now/", "when/"], "crime is happening"),
    ("call 999 when: an ambulance", ["now/", "when/"], "Chest pain"),
    ("ask the police", ["numbers/", "numbers/ask-the-police/"], "Answers to common questions"),
    ("live chat: what it does", "live chat", "write to each other at once"),
    ("live chat: where the sign is", "live chat", "bottom right"),
    ("101 day and night", ["numbers/", "numbers/101/"], "Day and night, every day"),
    ("BSL: the app and the website", ["deaf/"], "999 BSL app, or its website"),
    ("what3words: squares and the app", ["where/"], "every square of 3 metres three words"),
    ("999 all day, every day", ["numbers/", "numbers/999/"], "Day and night, every day"),
    ("a quick way out", [], "Leave"),
    ("cookies: none", ["privacy/"], "no cookies"),
    ("feedback", ["feedback/"], "Tell us about this site"),
    ("preventing crime", "crime prevention", "lock doors and windows"),
    ("home security", ["ask/other/", "advice/crime-prevention/"], "lock doors and windows"),
    ("an abandoned vehicle", "abandoned car", "council"),
    ("fraud", "I have been scammed", "Report Fraud"),
    ("101 for the police", ["numbers/", "numbers/101/"], "101"),
    ("111 for health", ["numbers/", "numbers/111/"], "111"),
)


def text_of(reader: Client, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def reached(reader: Client, way: Way) -> list[str]:
    """The pages at the end of a way, each at most two taps from the home page."""
    if isinstance(way, str):
        hits = reader.post(f"{HOME}search/", {"q": way}, follow=True).content.decode()
        main = hits.split("<main", 1)[1].split("</main>")[0]
        links = dict.fromkeys(re.findall(rf'href="({HOME}(?:advice|numbers|ask)/[^"]+)"', main))
        return [text_of(reader, link) for link in list(links)[:3]]
    assert len(way) <= 2
    text = text_of(reader, HOME)
    for step in way:
        ways = re.findall(rf'href="{HOME}({re.escape(step)}[^"]*)"', text)
        assert ways, f"no link to {step}"
        text = text_of(reader, HOME + min(ways, key=len))
    return [text]


@pytest.mark.parametrize(("promise", "way", "words"), ROWS, ids=[row[0] for row in ROWS])
def test_a_promise_of_the_police_is_kept_in_two_taps(
    reader: Client, promise: str, way: Way, words: str
) -> None:
    texts = [Reader.of(page).text for page in reached(reader, way)]
    assert any(words.lower() in re.sub(r"\s+", " ", text).lower() for text in texts), promise
