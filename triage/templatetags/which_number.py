"""Words, addresses and times in templates. Each takes the page's `here` from the context."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django import template
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString

from triage.web.context.page_context import PageContext
from triage.web.presenters import sentences
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


def of_page(tag: str, work: Callable[..., str]) -> None:
    """Registers a tag that calls a function with the page's `here` before what is given: a page
    has hundreds of sentences, and a hop is saved for each."""
    compiled = template.Library()
    compiled.simple_tag(work, name=tag)

    @register.tag(tag)
    def compile_for_page(parser: Parser, token: Token) -> template.Node:
        given = token.contents.removeprefix(tag)
        told = Token(token.token_type, f"{tag} here{given}", token.position, token.lineno)
        node: template.Node = compiled.tags[tag](parser, told)
        return node


# A sentence of seeds/words by its key; the same where its 999 is meant as it stands; a sentence of
# the rulebook; a name or label of it.
of_page("w", sentences.word)
of_page("exact", sentences.plain)
of_page("say", sentences.say)
of_page("name", sentences.name)


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
