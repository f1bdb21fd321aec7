"""The stylesheets: what a scheme may change, and how much the one of the pages may weigh."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

# A scheme's block, to the brace that ends its only rule, and the declarations in that rule.
DARK = re.compile(
    r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}\s*(\S)", re.S
)


def style(name: str) -> str:
    return Path(str(finders.find(name))).read_text()


@pytest.mark.parametrize("name", ["public/site.css", "embed/frame.css", "staff/staff.css"])
def test_a_scheme_changes_colours_and_nothing_else(name: str) -> None:
    css = style(name)
    found = DARK.findall(css)
    assert found
    assert len(found) == css.count("prefers-color-scheme")
    for rules, after in found:
        declared = [d.partition(":")[0].strip() for d in rules.split(";") if d.strip()]
        assert all(d.startswith("--") or d == "color-scheme" for d in declared)
        assert after == "}"


def test_the_one_stylesheet_weighs_8_kb_at_most() -> None:
    assert len(gzip.compress(style("public/site.css").encode())) <= 8 * 1024
