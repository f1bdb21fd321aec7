"""A feed as JSON Feed, version 1.1 (jsonfeed.org). What stands in it is entries.py's."""

from __future__ import annotations

import json
from typing import Any

from triage.web.feeds.entries import Feed, FeedEntry, feed_view

VERSION = "https://jsonfeed.org/version/1.1"
JSON_FEED = "application/feed+json; charset=utf-8"


@feed_view(JSON_FEED)
def json_feed(feed: Feed) -> bytes:
    whole = {
        "version": VERSION,
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.page,
        "feed_url": feed.here,
        "language": str(feed.lang),
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.page,
        "title": entry.text.title,
        "content_text": "\n".join(entry.text.lines),
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": list(entry.categories),
        "attachments": [{"url": cap, "mime_type": "application/cap+xml"} for cap in entry.caps],
    }
