"""A feed as Atom (RFC 4287), by Django's own generator. What stands in it is entries.py's."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join

from triage.web.feeds.entries import Feed, FeedEntry, feed_view, fit

ATOM = "application/atom+xml; charset=utf-8"


class _Atom(Atom1Feed):
    """Django's Atom, with the moment our content changed and a link to each CAP message."""

    def latest_post_date(self) -> Any:
        return self.feed["changed"]

    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["body"], {"type": "html"})
        for cap in item["caps"]:
            link = {"rel": "related", "href": cap, "type": "application/cap+xml"}
            handler.addQuickElement("link", "", link)


@feed_view(ATOM)
def atom(feed: Feed) -> bytes:
    made = _Atom(
        feed.title,
        feed.page,
        description="",
        language=str(feed.lang),
        author_name=feed.author,
        subtitle=feed.subtitle,
        feed_url=feed.here,
        feed_guid=feed.id,
        changed=feed.updated,
    )
    for entry in feed.entries:
        _add(made, entry)
    written = StringIO()
    made.write(written, "utf-8")
    return written.getvalue().encode()


def _add(made: _Atom, entry: FeedEntry) -> None:
    made.add_item(
        title=fit(entry.text.title),
        link=entry.page,
        description=None,  # type: ignore[arg-type]  # the content says it all
        author_name=fit(entry.author),
        unique_id=entry.id,
        pubdate=entry.published,
        updateddate=entry.updated,
        categories=entry.categories,
        body=format_html_join("", "<p>{}</p>", ((fit(line),) for line in entry.text.lines)),
        caps=entry.caps,
    )
