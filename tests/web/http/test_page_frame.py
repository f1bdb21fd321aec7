"""No page hides what the frame of every page has."""

from __future__ import annotations

import pytest

from triage.web.http.page_frame import framed


def test_a_page_adds_to_the_frame() -> None:
    assert framed("a.html", {"shaky": True}, {"way": 1}) == {"shaky": True, "way": 1}


def test_a_page_that_hides_the_frame_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"a.html: the frame of every page has \['shaky'\] already"
    ):
        framed("a.html", {"shaky": True}, {"shaky": False})
