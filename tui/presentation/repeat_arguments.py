"""The options that a command needs to measure a case again, besides the case's own."""

from __future__ import annotations

from bench.engine.launch import far_arguments_of
from bench.session.session import Session

from ..config.schema import Config, as_shipped


def repeat_arguments(config: Config, far_arguments: tuple[str, ...], session: Session) -> tuple[str, ...]:
    """Return the options that set this configuration aside and that reach the far sides of a session.

    `far_arguments`: the options that named the far sides here; if there are none, the session says which they were.
    """
    return (*as_shipped(config), *(far_arguments or far_arguments_of(session.far, session.fars)))
