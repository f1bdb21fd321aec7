"""Servers on loopback for the browser tests: our site in this process, and a host page elsewhere.

The site is asked as 127.0.0.1, the host as localhost: two sites to a browser, not only two ports.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

from triage import clock


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@dataclass
class Site:
    """Our site. `heard` holds what each request told of its reader, and when (seconds)."""

    port: int = 0
    heard: list[dict[str, str]] = field(default_factory=list)
    _server: WSGIServer | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serves from now on, on the same port as before if there was one."""
        application = StaticFilesHandler(get_wsgi_application())

        def listening(environ: dict[str, Any], start: Any) -> Any:
            names = ("PATH_INFO", "HTTP_REFERER", "HTTP_COOKIE", "HTTP_ORIGIN", "QUERY_STRING")
            told = {name: environ.get(name, "") for name in names}
            self.heard.append({**told, "at": str(clock.steady())})
            return application(environ, start)

        self._server = make_server("127.0.0.1", self.port, listening, _Threads, _Quiet)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@dataclass
class Host:
    """Somebody else's site: files by path, with the policy it sends."""

    port: int = 0
    files: dict[str, str] = field(default_factory=dict)
    policy: str = ""

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def page(self, body: str, *, head: str = "", lang: str = "en", path: str = "/") -> str:
        """Puts a page on the host, and gives its address."""
        self.files[path] = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Host</title>'
            f"{head}</head><body>{body}</body></html>"
        )
        return self.address + path


_KINDS = {".css": "text/css", ".js": "text/javascript"}


@contextmanager
def hosting() -> Iterator[Host]:
    """A host while the block runs."""
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            text = host.files.get(path)
            self.send_response(200 if text is not None else 404)
            kind = next((k for end, k in _KINDS.items() if path.endswith(end)), "text/html")
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            if host.policy:
                self.send_header("Content-Security-Policy", host.policy)
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
