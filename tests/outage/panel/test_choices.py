"""What the declare form offers: every switch changes some advice. Reading it back is elsewhere."""

from __future__ import annotations

import pytest

from outage.models import Organisation
from outage.statements import form_options
from tests.cast import Cast, incident, on
from triage.engine.rulebook import Rulebook

DESK = Organisation(slug="desk", kind="government", footprints=["uk"])


def test_what_cannot_fail_has_no_switch(rulebook: Rulebook) -> None:
    offered = {c.value for c in form_options.channels(rulebook, DESK, "999")}
    assert not offered & {"112", "999-other-phone", "local-number", "in-person", "wait"}
    assert {"999", "999-from-mobile", "999-landline", "landline", "relay-platform"} <= offered


@pytest.mark.parametrize("line", ["mobile", "landline"])
def test_the_switches_of_999_change_what_is_told(cast: Cast, rulebook: Rulebook, line: str) -> None:
    """Each switch of a call to 999 changes what somebody on the line it is about is told."""
    switch = {"mobile": "999-from-mobile", "landline": "999-landline"}[line]
    assert switch in {c.value for c in form_options.channels(rulebook, DESK, "999")}
    told = cast.ask("police-emergency", cast.leeds, incident(switch), visitor=on(line=line))
    assert told.first.channel != "999"
