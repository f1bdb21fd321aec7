"""Lighthouse's four mobile scores, and the first paint against the same page on govuk-frontend.

    npm install lighthouse@12 govuk-frontend
    CHROME_PATH=/usr/bin/chromium .venv/bin/python tests/bench/lighthouse.py http://127.0.0.1:8000 node_modules

The site must run already (`make run`). The peer is our start page's own words in GOV.UK's markup,
with its stylesheet and script from files, served gzipped on loopback. Not part of `make test`: it
needs Node, and its scores move with the machine.
"""  # noqa: E501

from __future__ import annotations

import gzip
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

PAGES = ("/", "/ask/crime/", "/advice/burglary-past/", "/status/")
SCORES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 3
TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html; charset=utf-8"}


def main(site: str, modules: Path) -> None:
    print(f"{'page':28}" + "".join(f"{score:>16}" for score in SCORES) + f"{'paint, ms':>12}")
    for page in PAGES:
        told = look(site + page, modules)
        scores = "".join(f"{told['categories'][s]['score'] * 100:16.0f}" for s in SCORES)
        print(f"{page:28}{scores}{paint(told):12.0f}")
    own = statistics.median(paint(look(f"{site}/", modules)) for _ in range(RUNS))
    with_peer(site, modules, own)


def look(address: str, modules: Path) -> dict[str, Any]:
    """What Lighthouse says of a page on a middling phone. Raises where it could not look."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "told.json"
        subprocess.run(
            [str(modules / ".bin" / "lighthouse"), address, "--quiet", "--output=json",
             f"--output-path={out}", f"--only-categories={','.join(SCORES)}",
             "--chrome-flags=--headless=new --no-sandbox"],
            check=True, timeout=180,
        )  # fmt: skip
        told: dict[str, Any] = json.loads(out.read_text())
    return told


def paint(told: dict[str, Any]) -> float:
    """First contentful paint, in milliseconds."""
    return float(told["audits"]["first-contentful-paint"]["numericValue"])


def with_peer(site: str, modules: Path, own: float) -> None:
    govuk = modules / "govuk-frontend" / "dist" / "govuk"
    Peer.files = {
        "/": peer_page(site).encode(),
        "/govuk.css": (govuk / "govuk-frontend.min.css").read_bytes(),
        "/govuk.js": (govuk / "govuk-frontend.min.js").read_bytes(),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    peer = statistics.median(paint(look(address, modules)) for _ in range(RUNS))
    server.shutdown()
    print(f"first paint of the start page, median of {RUNS}: ours {own:.0f} ms, on govuk-frontend")
    print(f"  {peer:.0f} ms: {own / peer:.2f} of it")


def peer_page(site: str) -> str:
    """The words and links of our start page in GOV.UK's own markup."""
    with urllib.request.urlopen(f"{site}/", timeout=10) as answer:
        main_part = answer.read().decode().split("<main", 1)[1].split("</main>")[0]
    links = re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', main_part, re.S)
    rows = "".join(
        f'<p class="govuk-body"><a class="govuk-link" href="{href}">{words}</a></p>'
        for href, words in links
    )
    return (
        '<!doctype html><html lang="en" class="govuk-template"><head><meta charset="utf-8">'
        '<title>Which number?</title><meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="/govuk.css"></head><body class="govuk-template__body">'
        '<div class="govuk-width-container"><main class="govuk-main-wrapper">'
        f'<h1 class="govuk-heading-l">Which number should I call?</h1>{rows}</main></div>'
        '<script type="module" src="/govuk.js"></script></body></html>'
    )


class Peer(BaseHTTPRequestHandler):
    """Serves the peer's three files, gzipped as ours are."""

    files: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        body = self.files.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", TYPES.get(Path(self.path).suffix, TYPES[".html"]))
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(gzip.compress(body or b"", 6))

    def log_message(self, *args: Any) -> None:
        """The figures are what is printed."""


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
