"""The declare form as a browser without script has it: only what is offered can be chosen.

`look` does what htmx does after a change: what hangs on the answer is asked for anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client

NEW = "/staff/declare/"


@dataclass
class Control:
    """One field: its values now, and those it may have; None where anything may be written."""

    name: str
    values: list[str]
    offered: dict[str, str] | None = None
    several: bool = False
    # Whether it stands in what a change brings anew.
    moves: bool = False


@dataclass
class TheForm:
    """The form of one operator, as it is served."""

    client: Client
    address: str = NEW
    controls: list[Control] = field(default_factory=list)

    def open(self, query: str = "") -> TheForm:
        body = self.client.get(self.address + query).content.decode()
        tree = html5lib.parse(body, namespaceHTMLElements=False)
        (form,) = (f for f in tree.iter("form") if f.get("id") == "declare")
        self.controls = [*_controls(form)]
        return self

    def named(self, name: str) -> list[Control]:
        return [c for c in self.controls if c.name == name]

    def offered(self, name: str) -> dict[str, str]:
        """What may be chosen, with the words beside it."""
        return {k: v for c in self.named(name) for k, v in (c.offered or {}).items() if k}

    def choose(self, name: str, *values: str) -> TheForm:
        """Choose what is offered; in several lists of one name the first in the first, and so on.
        Where boxes and lists share a name, each value wherever it is offered."""
        known = self.offered(name)
        for value in values:
            assert value in known, f"{name}: {value} is not offered, but {sorted(known)}"
        controls = self.named(name)
        if not controls[0].several:
            for control, value in zip(controls, [*values, *[""] * len(controls)], strict=False):
                control.values = [value] if value else []
            return self
        for control in controls:
            control.values = [v for v in control.offered or {} if v in values]
        return self

    def write(self, name: str, *texts: str) -> TheForm:
        for control, text in zip(self.named(name), texts, strict=False):
            control.values = [text]
        return self

    def data(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for control in self.controls:
            found.setdefault(control.name, []).extend(control.values)
        return found

    def look(self) -> str:
        """What will change; the part of the form that hangs on the answers is replaced."""
        answer = self.client.post("/staff/declare/changes/?rows=1", self.data())
        body = answer.content.decode()
        assert answer.status_code == 200, body
        tree = html5lib.parseFragment(body, namespaceHTMLElements=False)
        kept = [c for c in self.controls if not c.moves]
        self.controls = [*kept, *(c for c in _controls(tree) if c.moves)]
        return body

    def press(self, do: str) -> Any:
        return self.client.post(self.address, {**self.data(), "do": do}, follow=True)


def _controls(tree: Element) -> list[Control]:
    moving = {
        id(e) for part in tree.iter("div") if part.get("id") in ("rows", "act") for e in part.iter()
    }
    found: list[Control] = []
    for element in tree.iter():
        if (made := _control(element, found)) is not None:
            made.moves = id(element) in moving
            found.append(made)
    return found


def _control(element: Element, found: list[Control]) -> Control | None:
    name, kind = element.get("name", ""), element.get("type", "text")
    if not name or element.tag not in ("input", "select", "textarea"):
        return None
    if element.tag == "select":
        chosen = [
            o.get("value", "") for o in element.iter("option") if o.get("selected") is not None
        ]
        return Control(name, chosen, dict(_options(element)), element.get("multiple") is not None)
    if element.tag == "textarea":
        return Control(name, [element.text or ""])
    if kind in ("radio", "checkbox"):
        return _box(element, name, kind, found)
    return Control(name, [element.get("value", "")])


def _options(element: Element) -> Iterator[tuple[str, str]]:
    for option in element.iter("option"):
        yield option.get("value", ""), "".join(option.itertext())


def _box(element: Element, name: str, kind: str, found: list[Control]) -> Control | None:
    """The boxes of one name are one control."""
    value = element.get("value", "on")
    of_name = [c for c in found if c.name == name and c.offered is not None]
    control = of_name[0] if of_name else Control(name, [], {}, kind == "checkbox")
    control.offered = {**(control.offered or {}), value: value}
    if element.get("checked") is not None:
        control.values = [*control.values, value]
    return None if of_name else control
