"""How many people a publication needs, and the review times that go without saying.

Pure. One person may publish a preset that tries the usual channel first, in the organisation's
own territory. Everything that sends people away needs a second (design/operators.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from outage.statements import timeline_text
from outage.statements.rights import Rights, beyond
from outage.statements.statement import PublishedStatement, Statement, digest, own_words, sense
from triage.engine.rulebook import Rulebook
from triage.engine.situation import FAILING, Mode, State
from triage.engine.treatment import DEFAULT_MODES

CONFIRM_WITHIN = timedelta(minutes=30)
WATCH = timedelta(hours=1)
_BY_CHANNEL = {
    "101": timedelta(hours=2),
    "111": timedelta(hours=2),
    "999": timedelta(minutes=60),
}
_WEB = timedelta(hours=4)


def review_after(channel: str, state: State) -> timedelta:
    """How soon a statement must be looked at again, where the operator says nothing else."""
    if channel == "999" and state in FAILING:
        return timedelta(minutes=30)
    return _BY_CHANNEL.get(channel, _WEB)


def why_two(
    content: Statement, rights: Rights, rulebook: Rulebook, held: PublishedStatement | None = None
) -> tuple[str, ...]:
    """Why a second person must approve; empty where one is enough. `held` is what is live: to
    confirm what is approved and unchanged takes one person, whoever approved it."""
    if held is not None and held.confirm_by is None and unchanged(content, held.content):
        return ()
    return tuple(_reasons(content, rights, rulebook))


def seal(content: Mapping[str, Any], preview: str) -> str:
    """What an approval signs: exactly the content, and exactly the change that was shown."""
    return digest({"content": content, "preview": preview})


def unchanged(content: Statement, held: Statement) -> bool:
    """Whether a content says what is live, and is only to be looked at again later."""
    return sense(content) == sense(held)


def _reasons(content: Statement, rights: Rights, rulebook: Rulebook) -> Iterator[str]:
    if _sends_away(content, rulebook):
        yield "it tells people not to use a channel"
    if content.numbers:
        yield "it publishes a local number"
    if missing := beyond(rights, content, rulebook.catalogue):
        places = timeline_text.all_places(missing, rulebook.catalogue).en
        yield f"it goes beyond your territory: {places}"
    if not _is_preset(content, rulebook):
        yield "its advice differs from the usual advice"
    if own_words(content):
        yield "it carries words of your own"


def _sends_away(content: Statement, rulebook: Rulebook) -> bool:
    """By its notices, by a preset, or by what the state means where nobody says more."""
    if any(n.mode is Mode.REPLACE for n in content.notices):
        return True
    presets = [p for p in rulebook.presets if (p.channel, p.state) == _switch(content)]
    default = DEFAULT_MODES.get(content.state, Mode.AS_USUAL)
    return Mode.REPLACE in {default, *(p.mode for p in presets)}


def _switch(content: Statement) -> tuple[str, State]:
    return content.channel, content.state


def _is_preset(content: Statement, rulebook: Rulebook) -> bool:
    """Whether every notice says what the preset says somewhere in the UK, and nothing more."""
    known = {
        (p.need, p.mode, p.to) for p in rulebook.presets if (p.channel, p.state) == _switch(content)
    }
    plain = all(not (n.words_en or n.words_cy) for n in content.notices)
    return (
        plain
        and not content.keep_free
        and {(n.need, n.mode, n.to) for n in content.notices} <= known
    )
