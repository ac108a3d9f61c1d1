"""Open what a command needs: an engine, a file for the session, the screen."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bench import __version__
from bench.plan import WorkerOptions

from ..config.loader import NOTHING_SETTLED, Configuration
from ..config.trust import Trust, remember
from .console import say
from .options.far import FarOptions
from .options.trust_question import admit

if TYPE_CHECKING:
    from bench.engine.source import Source
    from bench.session.journal_writer import Journal
    from bench.session.results import CaseResult
    from bench.session.session import Session

DUMB = ("dumb", "unknown")
"""What a terminal calls itself that only takes line after line, in an editor or a log."""


def open_engine(
    options: FarOptions, session_file: Path | None, *, keep: bool = True, tell: Callable[[str], object] = say
) -> tuple[Source, Journal | None]:
    """An engine for what is asked, and the journal that it writes, if any. Raises click.UsageError, PlanError."""
    from bench.session.journal_writer import new_session_id

    engine, session_id = _engine(options), new_session_id()
    journal = open_journal(session_file, session_id, tell) if keep else None
    return engine(journal=journal, session_id=session_id), journal


def reopen_engine(options: FarOptions, path: Path, session: Session) -> tuple[Source, Journal]:
    """An engine that goes on with a session in its file, and that journal. Raises click.UsageError, PlanError."""
    from bench.session.journal_writer import Journal, JournalError

    engine = _engine(options)
    try:
        journal = Journal(path, go_on=True)
    except JournalError as error:
        raise click.UsageError(str(error)) from None
    hosts = {
        case.case.far: case.hello.host
        for case in session.begun
        if case.hello and not (case.machine_name and case.machine_name == options.machine_name)
    }
    made = engine(journal=journal, session_id=session.session_id, cases=_last_number(session), hosts=hosts)
    return made, journal


def _last_number(session: Session) -> int:
    """Return the highest case id of the session."""
    numbers = (int(case_id) for case_id in session.cases if re.fullmatch("[0-9]{1,15}", case_id))
    return max(numbers, default=0)


def unnamed(options: FarOptions, session: Session) -> tuple[str, ...]:
    """Return a notice if the session was measured on a named machine and this one has no name."""
    if options.machine_name or not session.machine:
        return ()
    name = session.machine
    return (f"measured so far on machine {name!r}; what follows has no name: give --machine if this is one of them",)


def where_it_was(
    options: FarOptions, path: Path, session: Session, left: Sequence[CaseResult], trust: Trust
) -> FarOptions:
    """Where to go on with a session: where it was measured, unless the options say otherwise. `left` is to be measured.

    What its file would start that was never used here is asked about. Raises click.UsageError where that may not be
    started, or a far side of its is missing.
    """
    from_file: tuple[str, ...] = ()
    there = tuple(command for _, command in session.fars) or (session.far,)
    if not (options.python or options.far) and there != tuple(map(str, options.far_sides)):
        options, from_file = replace(options, far=there), there
        _check_is_here(options, path)
        options = _with_local_pythons(options)
    admit(trust, path, from_file, (name for case in left for name in case.case.code))
    if unknown := {case.case.far for case in left} - {"", *options.names}:
        missing = ", ".join(sorted(unknown))
        raise click.UsageError(f"what is left is to be measured on {missing}: name all its far sides again, or none")
    return options


def _with_local_pythons(options: FarOptions) -> FarOptions:
    """Return the options with far sides that are Pythons of this machine as --python, as they were given."""
    words = [far_side.words for far_side in options.far_sides]
    if any(len(each) > 1 or not Path(each[0]).name.startswith("python") for each in words):
        return options
    return replace(options, far=(), python=tuple(word for each in words for word in each))


def _check_is_here(options: FarOptions, path: Path) -> None:
    """Raise click.UsageError where a far side that the session's file names cannot be started here."""
    try:
        _ = options.far_sides
    except click.UsageError as error:
        why = error.format_message().removeprefix("--far")
        raise click.UsageError(f"{path.name} was measured elsewhere{why}; say where with --far or --python") from None


def _engine(options: FarOptions) -> Callable[..., Source]:
    """What makes the engine, once there is a journal: that is not opened for options that are wrong."""
    from ..app.lazy_source import LateSource

    worker_options = WorkerOptions(gpu_memory_limit_mib=options.gpu_memory_limit)
    fars, machine = options.far_sides, options.machine_name

    def make(**session: Any) -> Source:
        from bench.engine.engine import Engine  # after the first frame

        remember(map(str, fars))
        return Engine(*fars, version=__version__, options=worker_options, machine=machine, **session)

    return lambda **session: LateSource(partial(make, **session))


def open_journal(session_file: Path | None, session_id: str, tell: Callable[[str], object] = say) -> Journal | None:
    """The file asked for, or one in the usual place; where that cannot be had, none, and whoever is to `tell` why."""
    from bench.session.journal_writer import SUFFIX, Journal, JournalError

    from ..config.locations import LocationError, sessions_dir

    try:
        return Journal(session_file or sessions_dir() / f"{session_id}{SUFFIX}")
    except (JournalError, LocationError) as error:
        if session_file is not None:
            raise click.UsageError(str(error)) from None
        tell(f"this session is not kept: {error}")
        return None


def show(
    source: Source,
    session_path: Path | None,
    *,
    session: Session | None = None,
    read_only: bool = False,
    far_arguments: tuple[str, ...] = (),
    fars: tuple[str, ...] = ("",),
    configuration: Configuration = NOTHING_SETTLED,
    notices: tuple[str, ...] = (),
    trust: Trust | None = None,
) -> Path | None:
    """Open the screen on a source, until the user leaves it, or asks for another session to be gone on with: that one.

    `session` holds what was measured before, if it is itself gone on with; `fars` names the far sides to measure on;
    `notices` are told on it: what stands on stderr is beneath it.
    """
    from ..app.app import TfjitApp
    from ..app.window import believe_terminal
    from ..terminal.ascii_fallback import wants_ascii

    believe_terminal(os.environ)
    in_ascii = configuration.config.ascii_only
    drawn_to = sys.stderr  # by Textual
    application = TfjitApp(
        source,
        session=session,
        session_path=session_path,
        read_only=read_only,
        far_arguments=far_arguments,
        fars=fars,
        configuration=configuration,
        ascii=wants_ascii(os.environ, drawn_to.encoding) if in_ascii is None else in_ascii,
        notices=notices,
        trust=trust,
    )
    failure: Exception | None = None
    try:
        application.run()
    except Exception as error:
        failure = error
    finally:
        source.close()
    if failure := failure or application.failure:
        from .crash_report import line_on

        raise click.ClickException(line_on(failure, None if read_only else session_path))
    if application.return_code:
        sys.exit(application.return_code)
    return application.next_session


def check_terminal() -> None:
    """Raise click.UsageError where there is no terminal to open the screen on, or one that cannot be drawn on."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise click.UsageError("the screen needs a terminal; without one, use `tfjit-tui run WORKLOAD`")
    if (kind := os.environ.get("TERM", "")) in DUMB:
        raise click.UsageError(f"no screen can be drawn where TERM is {kind}: use `tfjit-tui run WORKLOAD`")
