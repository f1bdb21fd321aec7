"""Small files every finished site has: robots.txt, security.txt, the favicon. No page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from triage import clock
from triage.web.pages.decorators import read_only
from triage.web.pages.views.documents import contact_link

DAY = "public, max-age=86400"


@read_only
def robots(request: HttpRequest) -> HttpResponse:
    """Every page may be found but those that answer a typed word, and the staff panel."""
    lines = ["User-agent: *", "Disallow: /staff/", "Disallow: /search/", "Disallow: /cy/search/"]
    return _text("\n".join(lines) + "\n")


@read_only
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116). It always expires within a year."""
    expires = (clock.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *([f"Contact: {known}"] if (known := contact_link()) else []),
        f"Contact: {request.build_absolute_uri('/feedback/')}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, cy",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    ]
    return _text("\n".join(lines) + "\n")


def _text(body: str) -> HttpResponse:
    return HttpResponse(
        body, content_type="text/plain; charset=utf-8", headers={"Cache-Control": DAY}
    )


@read_only
def favicon(request: HttpRequest) -> HttpResponse:
    body = Path(settings.BASE_DIR / "static/public/favicon.ico").read_bytes()
    return HttpResponse(body, content_type="image/x-icon", headers={"Cache-Control": DAY})
