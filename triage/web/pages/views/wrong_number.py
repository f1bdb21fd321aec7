""" "Wrong number?" on every card: one press, no words. What is kept is reported_numbers.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from triage import reported_numbers
from triage.rules import rulebook
from triage.web.context.page_context import PageContext, WrongAddressError
from triage.web.pages.decorators import page


@page("POST")
def wrong_number(here: PageContext, request: HttpRequest) -> HttpResponse:
    """Counts a press and thanks for it; a full minute is thanked for all the same, uncounted."""
    channel = request.POST.get("channel", "")
    if channel not in rulebook().catalogue.channels:
        raise WrongAddressError(404, "error-no-channel")
    reported_numbers.report(channel, here.at.date())
    return HttpResponseRedirect(here.to("feedback/thanks/"), status=303)
