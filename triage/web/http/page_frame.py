"""What every page has around its own values, and that no page hides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def framed(template: str, frame: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a template: the frame's and the page's own.

    Raises ValueError where a page names what the frame has by that name: the button of the top
    bar, or the line of a fault, would follow the page's own meaning.
    """
    if clash := frame.keys() & own.keys():
        raise ValueError(f"{template}: the frame of every page has {sorted(clash)} already")
    return {**frame, **own}
