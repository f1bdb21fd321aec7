"""Every kind of public page, by one address each, and what stands in a page. Asserts nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.cast import incident, issuer, notice, scope

KINDS = (
    "",
    "ask/crime/",
    "ask/k1/",
    "advice/burglary-past/from/break-in/past/",
    "advice/police-now/",
    "advice/fraud-past/",
    "advice/k24/",
    "now/",
    "area/",
    "area/for/advice/burglary-past/",
    "search/",
    "numbers/",
    "numbers/999/",
    "numbers/police-online/",
    "status/",
    "silent/",
    "deaf/",
    "accident/",
    "unanswered/",
    "languages/",
    "signal/",
    "power/",
    "where/",
    "offline/",
    "safety/",
    "privacy/",
    "accessibility/",
    "about/",
    "licence/",
    "sources/",
    "feedback/",
    "feedback/for/advice/burglary-past/",
    "feedback/thanks/",
    "follow/",
    "follow/sent/",
)
OF_AN_AREA = ("print/leicestershire/", "poster/leicestershire/")
PREFIXES = ("/", "/cy/", "/in/leicestershire/", "/cy/in/leicestershire/")
PAGES = [p + k for p in PREFIXES for k in (*KINDS, *(OF_AN_AREA if "in/" in p else ()))]

LEICESTER = incident(
    "999",
    "many-failing",
    id="leicester-999",
    scope=scope("police:leicestershire", "fire:leicestershire"),
    issuer=issuer("Leicestershire Police", of="police:leicestershire"),
    notices=(notice("police-emergency", "replace", "101"),),
)


class Reader(HTMLParser):
    """The links of a page, each with its words; its text; and the addresses it loads from."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.loads: list[str] = []
        self.text = ""
        self.title = ""
        self._href: str | None = None
        self._inside: list[str] = []

    @classmethod
    def of(cls, html: str) -> Reader:
        reader = cls()
        reader.feed(html)
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("style", "script", "title"):
            self._inside.append(tag)
        if tag == "a" and given.get("href"):
            self._href = given["href"]
            self.links.append((given["href"] or "", ""))
        loads = tag in ("script", "img", "iframe", "source", "video", "form")
        icon = tag == "link" and given.get("rel") not in ("alternate", "canonical")
        if loads or icon:
            self.loads += [v for k in ("src", "href", "action") if (v := given.get(k))]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._href = None
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.title += data if self._inside[-1] == "title" else ""
            return
        self.text += data
        if self._href is not None:
            href, words = self.links[-1]
            self.links[-1] = (href, words + data)

    @property
    def own(self) -> Iterator[str]:
        """The links that stay on this site, without what follows # or ?."""
        for href, _ in self.links:
            if href.startswith("/"):
                yield re.split(r"[?#]", href)[0]
