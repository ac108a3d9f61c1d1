"""The screen, opened on a new session or on one that is gone on with, as often as the user asks for another.

Going on starts the far side anew, where the session was measured: figures of two workers never pass for one's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench import __version__

from ..config.loader import NOTHING_SETTLED, Configuration
from ..config.trust import Trust
from . import startup
from .options import session_argument
from .options.far import FarOptions

if TYPE_CHECKING:
    from bench.engine.source import Source
    from bench.session.journal_writer import Journal
    from bench.session.session import Session


@dataclass(frozen=True)
class ScreenSession:
    """What the screen is opened on; `session`: what it holds already; `notices`: what is to be told of it."""

    options: FarOptions
    source: Source
    journal: Journal | None
    session: Session | None = None
    notices: tuple[str, ...] = ()


def begin(options: FarOptions, session_file: Path | None) -> ScreenSession:
    """A new session. Raises click.UsageError, PlanError."""
    notices: list[str] = []
    source, journal = startup.open_engine(options, session_file, tell=notices.append)
    return ScreenSession(options, source, journal, notices=tuple(notices))


def go_on(options: FarOptions, name: str, trust: Trust) -> ScreenSession:
    """A session as it was left; what its last plan has left is measured first. Raises click.UsageError, PlanError."""
    from bench.events import SessionStarted

    notices: list[str] = []
    path, session = session_argument.open_session(name, ended=False, tell=notices.append)
    left = session.left
    where = startup.where_it_was(options, path, session, left, trust)
    notices += startup.unnamed(where, session)
    source, journal = startup.reopen_engine(where, path, session)
    started = SessionStarted(
        session_id=session.session_id,
        version=__version__,
        far=session.far,
        fars=session.fars,
        machine=where.machine_name,
    )
    session.apply(started)
    if left:
        plan = replace(left[-1].plan, cases=tuple(case.case for case in left))
        source.submit(plan, tuple(case.case_id for case in left))
    return ScreenSession(where, source, journal, session, tuple(notices))


def latest_broken_off() -> str:
    """The session to go on with where none is named. Raises click.UsageError."""
    from bench.session.history import History

    from ..config.locations import LocationError, sessions_place

    try:
        outlines = History(sessions_place()).outlines()
    except LocationError as error:
        raise click.UsageError(str(error)) from None
    found = next((outline for outline in outlines if outline.state == "broke off"), None)
    if found is None:
        raise click.UsageError("no session has broken off: `tfjit-tui sessions` lists them, name the one to go on with")
    return str(found.path)


def show(opened: ScreenSession, trust: Trust, configuration: Configuration = NOTHING_SETTLED) -> None:
    """Show the screen until the user leaves it, on another session whenever one is to be gone on with."""
    following: ScreenSession | None = opened
    while following is not None:
        following = _show_once(following, trust, configuration)


def _show_once(opened: ScreenSession, trust: Trust, configuration: Configuration) -> ScreenSession | None:
    path = opened.journal.path if opened.journal else None
    options = opened.options
    try:
        wanted = startup.show(
            opened.source,
            path,
            session=opened.session,
            far_arguments=options.arguments,
            fars=options.names,
            configuration=configuration,
            notices=opened.notices,
            trust=trust,
        )
    finally:
        if opened.journal is not None:
            opened.journal.close()
    if not wanted:
        return None
    following = replace(options, python=(), far=())
    return go_on(following, str(wanted), trust)
