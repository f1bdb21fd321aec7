"""A public process serves no staff: it leads them to the process that does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("at", "origin"),
    [("8001", "http://testserver:8001"), ("https://staff.test/", "https://staff.test")],
)
def test_staff_are_led_to_their_process(settings: Any, at: str, origin: str) -> None:
    settings.STAFF_AT = at
    answer = Client().post("/staff/declare/?channel=999", {"a": "b"})
    assert answer.status_code == 307
    assert answer["Location"] == f"{origin}/staff/declare/?channel=999"
    assert not answer.cookies


def test_readers_are_not(settings: Any) -> None:
    settings.STAFF_AT = "8001"
    assert Client().get("/").status_code == 200
