"""Words, addresses and times in templates. Each takes the page's `here` from the context."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

from triage.engine.catalogue import Text
from triage.seeds.word_keys import WordKey
from triage.web.context.page_context import PageContext
from triage.web.presenters import sentences as saying
from triage.web.wording import dates

register = template.Library()


class SharedNode(template.Node):
    """A piece that is the same on every page of an edition, language, area and visitor: rendered
    for the first of them. What else it hangs on is named in the tag."""

    def __init__(self, nodelist: NodeList, name: str, given: tuple[FilterExpression, ...]) -> None:
        self.nodelist = nodelist
        self.name = name
        self.given = given

    def render(self, context: Context) -> SafeString:
        here: PageContext = context["here"]
        key = ("html", self.name, *[value.resolve(context) for value in self.given])
        found: SafeString | None = here.shared.get(key)
        if found is None:
            found = here.shared[key] = self.nodelist.render(context)
        return found


@register.tag
def shared(parser: Parser, token: Token) -> SharedNode:
    """{% shared NAME VALUE … %} … {% endshared %}: no page's own address may stand in it."""
    _, name, *given = token.split_contents()
    nodelist = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(nodelist, name, tuple(parser.compile_filter(value) for value in given))


@register.simple_tag(takes_context=True)
def w(context: Context, key: WordKey, **values: Any) -> str:
    """A sentence of seeds/words by its key."""
    return saying.word(context["here"], key, **values)


@register.simple_tag(takes_context=True)
def exact(context: Context, key: WordKey, **values: Any) -> str:
    """A sentence of seeds/words whose 999 is meant as it stands."""
    return saying.plain(context["here"], key, **values)


@register.simple_tag(takes_context=True)
def say(context: Context, text: Text, **values: Any) -> str:
    """A sentence of the rulebook."""
    return saying.say(context["here"], text, **values)


@register.simple_tag(takes_context=True)
def name(context: Context, text: Text) -> str:
    """A name or label of the rulebook."""
    return saying.name(context["here"], text)


@register.simple_tag(takes_context=True)
def to(context: Context, *parts: str) -> str:
    """The address of a page in this language and area; its query follows the last part."""
    here: PageContext = context["here"]
    return f"{here.base}{''.join(parts)}{here.query}"


@register.simple_tag(takes_context=True)
def everywhere(context: Context, path: str) -> str:
    """The address of a page of no area, in this language."""
    here: PageContext = context["here"]
    return here.beyond(None, path)


@register.simple_tag(takes_context=True)
def at(context: Context, moment: datetime) -> str:
    return dates.full(moment, context["here"].lang)


@register.simple_tag(takes_context=True)
def day(context: Context, moment: date) -> str:
    return dates.day(moment, context["here"].lang)
