"""A copy of seeds/ to spoil, and one change to a file of it. Asserts nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"


def copied(folder: Path) -> Path:
    """A copy of seeds/ inside a folder."""
    seeds = folder / "seeds"
    shutil.copytree(SEEDS, seeds)
    return seeds


def change(path: Path, old: str, new: str) -> None:
    """Puts new words for the first old ones in a file, which must have them."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
