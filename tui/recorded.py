"""Sessions that are there already, for a command that names one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .console import ProgressLine, say

if TYPE_CHECKING:
    from bench.session import Session
    from bench.source import Replay


def find_session(name: str) -> Path:
    """The file of a session, named by itself or by the id it has in the usual place. Raises click.UsageError."""
    from bench.journal_file import SUFFIX

    from .locations import LocationError, sessions_place

    path = Path(name)
    try:
        if not path.exists() and (kept := sessions_place() / f"{path.name.removesuffix(SUFFIX)}{SUFFIX}").exists():
            return kept
    except LocationError as error:
        raise click.UsageError(str(error)) from None
    return path


def open_session(name: str, *, ended: bool = True, tell: Callable[[str], object] = say) -> tuple[Path, Session]:
    """The session of that name, as `read_session` has it; whoever is to `tell` what is missing hears that, and stderr
    how far reading a large one has come. Raises click.UsageError.
    """
    from bench.journal_file import JournalError
    from bench.recorded import read_session

    path, progress = find_session(name), ProgressLine()
    try:
        recorded = read_session(
            path, lambda share: progress.show(f"reading {path.name}: {100 * share:.0f} %"), ended=ended
        )
    except JournalError as error:
        raise click.UsageError(str(error)) from None
    finally:
        progress.clear()
    for notice in recorded.notices:
        tell(notice)
    return path, recorded.session


def open_sessions(names: Iterable[str]) -> list[Session]:
    """Return the sessions of these names, each once; stderr hears of those that are named again.

    Raises click.UsageError.
    """
    found: dict[str, tuple[Path, Session]] = {}
    for name in names:
        path, session = open_session(name)
        first, _ = found.setdefault(session.session_id or str(path.resolve()), (path, session))
        if first is not path:
            say(f"{path} is left out: {first} is the same session")
    return [session for _, session in found.values()]


def play_session(name: str, speed: float) -> tuple[Path, Replay]:
    """What plays the session of that name again, while it reads it. Raises click.UsageError."""
    from bench.events import Event, Notice
    from bench.journal import Reading
    from bench.journal_file import JournalError
    from bench.source import Replay

    path = find_session(name)

    def told(text: str, severity: str, last: Event) -> Notice:
        return Notice(text=text, severity=severity, at=last.at)

    try:
        reading = Reading(path)
        events = iter(reading)
        first = next(events)
    except JournalError as error:
        raise click.UsageError(str(error)) from None

    def played() -> Iterator[Event]:
        event = first
        try:
            for event in chain((first,), events):
                yield event
        except JournalError as error:
            yield told(str(error), "error", event)
        yield from (told(text, "warning", event) for text in reading.notices)

    return path, Replay(played(), speed, lambda: reading.share)
