"""Whatever a signed-in browser sends to the staff panel: never a fault of ours.

The fields are read from the forms as they are served, so that a new one is tried without anybody
adding it here. Strangers, and the public side, are tests/test_fuzz.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from outage.models import Role
from outage.statements.actor import Actor
from outage.workflow import incidents
from tests.outage.said import content, published, submitted
from tests.test_fuzz import LIGHT as PUBLIC
from triage import clock

pytestmark = pytest.mark.django_db

# A staff page takes longer than a public one.
LIGHT = settings(PUBLIC, max_examples=25)
PAGES = (
    "/staff/", "/staff/declare/?channel=999&state=down&footprint=police:leicestershire",
    "/staff/record/", "/staff/replay/",
    "/staff/data/", "/staff/organisation/", "/staff/account/login/", "/staff/account/2fa/",
    "/staff/account/password/change/", "/staff/account/reauthenticate/", "/staff/admin/",
    "/staff/admin/outage/organisation/add/", "/staff/admin/outage/operator/add/",
    "/staff/admin/auth/user/add/",
)  # fmt: skip
QUERIES = {
    "/staff/declare/": ("channel", "state", "footprint", "rows", "slug"),
    "/staff/replay/": ("at", "area", "need", "history", "prove"),
    "/staff/record/": ("page", "prove"),
    "/staff/data/": ("at", "lang"),
    "/staff/data/tree.svg": ("from", "lang"),
    "/staff/preview/new/in/kent/": ("channel", "network", "line"),
    "/staff/admin/outage/operator/": ("q", "o", "p", "all", "e", "role__exact", "_popup"),
    "/staff/account/login/": ("next",),
}
WORDS = (
    "incidents", "drafts", "preview", "new", "in", "kent", "embed", "admin", "outage", "operator",
    "organisation", "auth", "user", "add", "change", "delete", "history", "account", "2fa", "totp",
    "amend", "stand-down", "1", "0", "-1", "9" * 25, "..", "", " ", "%", "\x00", "\r\n", "é",
    "<script>", "'", "a" * 300, "cy", "api", "v1", "advice", "record.csv", "tree.svg",
)  # fmt: skip
VALUES = (
    "", "0", "-1", "1", "9" * 25, "1e999", "null", "\x00", "a\x00b", "\ud800", "é", "१२", "{999}",
    "{nobody}", "{", "<b>", "x" * 5_000, "2026-13-45T99:99", "2026-11-24T08:45",
    "0001-01-01T00:00", "9999-12-31T23:59:59.999999+14:00", "uk", "police:kent", "police:nowhere",
    "council:E06000017", "999", "101", "nobody", "down", "replace", "police-emergency", "ee",
    "https://example.org/x", "javascript:alert(1)", "//evil.example", "01632 960123", "\r\nX: y",
)  # fmt: skip
HEADERS = ("HTTP_REFERER", "HTTP_HX_REQUEST", "HTTP_HX_CURRENT_URL", "HTTP_COOKIE", "HTTP_ACCEPT",
           "HTTP_ACCEPT_LANGUAGE", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT",
           "CONTENT_TYPE", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")  # fmt: skip

latin = st.text(st.characters(max_codepoint=255), max_size=20)
values = st.sampled_from(VALUES) | st.text(max_size=30)


@dataclass
class Form:
    """Where a form is sent, and every field with the value it is served with."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found, self.select = page, list[Form](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.found.append(Form(given.get("action") or self.page))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and self.found:
            self.found[-1].fields.append((self.select, value))
        elif name and self.found and tag in ("input", "textarea", "button"):
            self.found[-1].fields.append((name, value or "on"))


@dataclass
class Desk:
    user: Any
    forms: list[Form]

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Signed in; what is done is undone, so that every example finds the same desk."""
        with transaction.atomic():
            client = Client()
            client.force_login(self.user)
            yield client
            transaction.set_rollback(True)


@pytest.fixture
def desk(ann: Actor, bob: Actor, desk: Any) -> Desk:
    """A manager who may use the admin, with something live, something waiting and a draft."""
    now = clock.now()
    zoe = Actor(ann.operator, now)
    ann.operator.role = Role.MANAGER
    ann.operator.save()
    user = ann.operator.user
    user.is_staff = user.is_superuser = True
    user.save()
    review = {"review_at": (now + timedelta(hours=4)).isoformat()}
    live = published(zoe, content(**review))
    waits = submitted(Actor(bob.operator, now), content("101", "down", **review))
    draft = incidents.draft(zoe, content("police-online", "delayed", **review))
    pages = (*PAGES, f"/staff/incidents/{live.slug}/", f"/staff/drafts/{waits.pk}/",
             f"/staff/drafts/{draft.pk}/",
             f"/staff/admin/outage/operator/{ann.operator.pk}/change/")  # fmt: skip
    found = Desk(user, [])
    with found.client() as client:
        for page in pages:
            parser = _Forms(page.partition("?")[0])
            parser.feed(client.get(page).content.decode())
            found.forms += parser.found
    return found


def in_order(answer: Any) -> None:
    event(f"status {answer.status_code}")
    assert answer.status_code < 500
    for name, value in answer.items():
        assert not set("\r\n\x00") & set(name + value)


def sent(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode([(k, v.encode("utf-8", "surrogatepass")) for k, v in pairs]).encode()


@LIGHT
@given(data=st.data())
def test_any_form_may_come_back_with_anything_in_it(desk: Desk, data: st.DataObject) -> None:
    """Also with fields missing. That the forms were found at all is asked first."""
    assert {"channel", "need", "review", "words_cy", "seal", "widget_hosts"} <= {
        name for form in desk.forms for name, _ in form.fields
    }
    form = data.draw(st.sampled_from(desk.forms))
    names = sorted({name for name, _ in form.fields}) or ["x"]
    wrong = data.draw(st.dictionaries(st.sampled_from(names) | latin, values, max_size=4))
    gone = data.draw(st.sets(st.sampled_from(names), max_size=2))
    kept = [(k, v) for k, v in form.fields if k not in wrong and k not in gone]
    with desk.client() as client:
        body = sent([*kept, *wrong.items()])
        kind = "application/x-www-form-urlencoded"
        in_order(client.generic("POST", form.action, body, content_type=kind))


addresses = st.lists(st.sampled_from(WORDS) | latin, max_size=5).map("/".join)
headers = st.dictionaries(st.sampled_from(HEADERS), st.sampled_from(VALUES[:20]), max_size=3)


@LIGHT
@given(path=st.sampled_from(sorted(QUERIES)) | addresses, data=st.data(), headers=headers)
@example(path="incidents/" + "a" * 300 + "/", data=None, headers={})
@example(path=f"drafts/{'9' * 25}/", data=None, headers={})
def test_any_address_query_and_header_is_answered(
    desk: Desk, path: str, data: st.DataObject | None, headers: dict[str, str]
) -> None:
    names = st.sampled_from(QUERIES.get(path, ("x",))) | latin
    asked = data.draw(st.lists(st.tuples(names, values), max_size=4)) if data else []
    wire: dict[str, Any] = {
        k: v.encode("utf-8", "replace").decode("latin-1") for k, v in headers.items()
    }
    where = path if path in QUERIES else "/staff/" + path.replace("?", "")
    with desk.client() as client:
        in_order(client.get(f"{where}?{sent(asked).decode()}", **wire))
        in_order(client.post(where))
