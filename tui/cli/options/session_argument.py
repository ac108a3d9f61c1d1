"""Sessions that are there already, for a command that names one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.number_text import whole_percent
from bench.suggest import did_you_mean, nearest_files

from ..console import ProgressLine, say

if TYPE_CHECKING:
    from bench.engine.source import Replay
    from bench.session.journal_reader import Recorded
    from bench.session.session import Session


def find_session(name: str) -> Path:
    """Return the file of a session, named by itself or by the id it has in the usual place.

    Raises click.UsageError for one that is not there, if others are called nearly so.
    """
    from bench.session.journal_writer import SUFFIX

    from ...config.locations import LocationError, sessions_place

    path = Path(name)
    try:
        if path.exists() or path.is_symlink():
            return path
        kept = sessions_place() / f"{path.name.removesuffix(SUFFIX)}{SUFFIX}"
        if kept.exists():
            return kept
    except LocationError as error:
        raise click.UsageError(str(error)) from None
    near = [str(each) for each in nearest_files(path, SUFFIX)] or [each.stem for each in nearest_files(kept, SUFFIX)]
    if near:
        raise click.UsageError(f"there is no file {path}: {did_you_mean(near)}")
    return path


def open_session(name: str, *, ended: bool = True, tell: Callable[[str], object] = say) -> tuple[Path, Session]:
    """The session of that name, as `read_session` has it; whoever is to `tell` what is missing hears that, and stderr
    how far reading a large one has come. Raises click.UsageError.
    """
    path, recorded = _read(name, ended=ended)
    for notice in recorded.notices:
        tell(notice)
    return path, recorded.session


def _read(name: str, *, ended: bool = True) -> tuple[Path, Recorded]:
    from bench.session.journal_reader import read_session
    from bench.session.journal_writer import JournalError

    path, progress = find_session(name), ProgressLine()
    try:
        return path, read_session(
            path, lambda share: progress.show(f"reading {path.name}: {whole_percent(share)}"), ended=ended
        )
    except JournalError as error:
        raise click.UsageError(str(error)) from None
    finally:
        progress.clear()


def open_sessions(names: Iterable[str]) -> list[Session]:
    """Return the sessions of these names, each once, in the order in which they are named first.

    Of several copies of a session the one with the most events counts; stderr hears of the others.
    Raises click.UsageError.
    """
    copies: dict[str, list[tuple[Path, Recorded]]] = {}
    for name in names:
        path, recorded = _read(name)
        copies.setdefault(recorded.session.session_id or str(path.resolve()), []).append((path, recorded))
    return [_fullest(each) for each in copies.values()]


def _fullest(copies: Sequence[tuple[Path, Recorded]]) -> Session:
    """Return the copy with the most events, and say which are left out."""
    kept = max(copies, key=lambda copy: copy[1].events)
    path, recorded = kept
    for other in copies:
        if other is not kept:
            more = " and has more of it" if recorded.events > other[1].events else ""
            say(f"{other[0]} is left out: {path} is the same session{more}")
    for notice in recorded.notices:
        say(notice)
    return recorded.session


def play_session(name: str, speed: float) -> tuple[Path, Replay]:
    """What plays the session of that name again, while it reads it. Raises click.UsageError."""
    from bench.engine.source import Replay
    from bench.events import Event, Notice
    from bench.session.journal_reader import Reading
    from bench.session.journal_writer import JournalError

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
