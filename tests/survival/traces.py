"""What no log may hold: an address, a path or a word of anybody who asked."""

from __future__ import annotations

from pathlib import Path

# A reader of this machine's own network who is nobody else.
VISITOR = "127.0.0.7"
WORDS = ("stolen", "hurt-by-my-partner", "secretly", "192.0.2.7")
PATHS = ("/in/", "/search/", "/advice/", "/now/", "/status/", "/hang", "/embed/")


def traces(folder: Path) -> list[tuple[str, str]]:
    """File and line of every log in a folder that tells who asked for what."""
    return [
        (file.name, line)
        for file in folder.rglob("*.log")
        for line in file.read_text(errors="replace").splitlines()
        if any(trace in line for trace in (VISITOR, *WORDS, *PATHS))
    ]
