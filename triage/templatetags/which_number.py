"""Words, addresses and times in templates. Each takes the page's `here` from the context."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from triage.engine.catalogue import Text
from triage.rules import words
from triage.web.context.page_context import PageContext
from triage.web.presenters import sentences as saying
from triage.web.presenters.banner_text import BannerLine
from triage.web.wording import dates

register = template.Library()


def _here(context: Context) -> PageContext:
    found: PageContext = context["here"]
    return found


@register.simple_tag(takes_context=True)
def w(context: Context, key: str, **values: Any) -> str:
    """A sentence of seeds/words by its key."""
    return saying.word(_here(context), words().known(key), **values)


@register.simple_tag(takes_context=True)
def exact(context: Context, key: str, **values: Any) -> str:
    """A sentence of seeds/words whose 999 is meant as it stands."""
    return saying.plain(_here(context), words().known(key), **values)


@register.simple_tag(takes_context=True)
def say(context: Context, text: Text, **values: Any) -> str:
    """A sentence of the rulebook."""
    return saying.say(_here(context), text, **values)


@register.simple_tag(takes_context=True)
def name(context: Context, text: Text) -> str:
    """A name or label of the rulebook."""
    return saying.name(_here(context), text)


@register.simple_tag(takes_context=True)
def to(context: Context, *parts: str) -> str:
    """The address of a page in this language and area; its query follows the last part."""
    return _here(context).to("".join(parts))


@register.simple_tag
def dialled(line: BannerLine) -> str:
    """A sentence of the banner with its numbers as dial links, each where it stands first.

    A short number may be a piece of a long one: the long ones are looked for first, whole.
    """
    links = {
        way.number: format_html('<a class="num" href="{}">{}</a>', way.href, way.number)
        for way in line.ways
        if way.number
    }
    whole = "|".join(re.escape(number) for number in sorted(links, key=len, reverse=True))
    sentence = str(escape(line.text))
    if not whole:
        return SafeString(sentence)
    found = re.sub(rf"(?<!\d)({whole})(?!\d)", lambda m: links.pop(m[0], m[0]), sentence)
    return SafeString(found)


@register.simple_tag(takes_context=True)
def at(context: Context, moment: datetime) -> str:
    return dates.full(moment, _here(context).lang)


@register.simple_tag(takes_context=True)
def day(context: Context, moment: date) -> str:
    return dates.day(moment, _here(context).lang)
