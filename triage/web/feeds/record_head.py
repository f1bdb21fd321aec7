"""The head of the record: how many events there were at the last publication, and the newest one's
hash. Whoever keeps it can prove later that nothing was cut off before it (verify_record --has).
"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from outage import bulletin
from triage.web.http import cache_headers
from triage.web.pages.decorators import read_only


@read_only
def head(request: HttpRequest) -> HttpResponse:
    """{"events": 187, "head": "83bd1e37...", "published": "..."}: nulls before the first."""
    shown = bulletin.reading().bulletin
    number, newest = shown.head
    moment = shown.changed_at.isoformat() if shown.changed_at else None
    said = {"events": number, "head": newest or None, "published": moment}
    answer = HttpResponse(json.dumps(said), content_type="application/json; charset=utf-8")
    response = cache_headers.mark(answer, None)
    response["Access-Control-Allow-Origin"] = "*"
    return response
