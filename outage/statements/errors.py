"""What staff are told when something cannot be done: one base, each message a sentence."""

from __future__ import annotations


class OutageError(Exception):
    """The base of this package's errors."""


class RefusedError(OutageError):
    """The move is not allowed; the message is a sentence for the operator."""


class ConflictError(RefusedError):
    """A colleague changed it meanwhile: nothing was overwritten."""


class TransitionError(OutageError):
    """The move makes no sense for this statement; the message is a sentence for the operator."""


class AlreadyLiveError(RefusedError):
    """The organisation says this already; `slug` is the statement that is live."""

    def __init__(self, sentence: str, slug: str) -> None:
        self.slug = slug
        super().__init__(sentence)
