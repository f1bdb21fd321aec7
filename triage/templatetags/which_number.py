"""Words, addresses and times in templates. Each takes the page's `here` from the context."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context

from triage.engine.catalogue import Text
from triage.rules import words
from triage.web.context.page_context import PageContext
from triage.web.presenters import sentences as saying
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


@register.simple_tag(takes_context=True)
def everywhere(context: Context, path: str) -> str:
    """The address of a page of no area, in this language."""
    return _here(context).beyond(None, path)


@register.simple_tag(takes_context=True)
def at(context: Context, moment: datetime) -> str:
    return dates.full(moment, _here(context).lang)


@register.simple_tag(takes_context=True)
def day(context: Context, moment: date) -> str:
    return dates.day(moment, _here(context).lang)
