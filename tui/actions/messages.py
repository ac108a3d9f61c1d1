"""What the parts of the application tell each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from bench.plan import Case, Plan
    from bench.session.history import Outline
    from bench.session.session import Session


@dataclass(eq=False, repr=False)  # which is made in half the time, before the first frame
class Submitted(Message):
    """The user asks for a plan to be measured."""

    plan: Plan


@dataclass(eq=False, repr=False)
class CodeOpened(Message):
    """The user has opened code of their own, to be called with `inputs`."""

    name: str
    inputs: str


@dataclass(eq=False, repr=False)
class GoOn(Message):
    """The user asks for a session to be gone on with, in place of this one, which starts `fars` and `workloads`."""

    path: Path
    fars: tuple[str, ...] = ()
    workloads: tuple[str, ...] = ()

    @classmethod
    def with_session(cls, outline: Outline) -> GoOn:
        """Return the wish to go on with an earlier session."""
        return cls(outline.path, outline.fars, outline.to_measure)


@dataclass(eq=False, repr=False)
class Declined(Message):
    """The user does not want to go on with a session that broke off."""

    session_id: str


@dataclass(eq=False, repr=False)
class Unknown(Message):
    """Code of the user's is set up, of which nobody knows yet what it is."""

    name: str
    inputs: str
    device: str


class Cancelled(Message):
    """The user asks for the measurement to be stopped."""


class Skipped(Message):
    """The user asks for the case under way to be given up, and the next to be measured."""


@dataclass(eq=False, repr=False)
class Paused(Message):
    """The user asks for no other case to be begun (`on`), or for the plan to go on."""

    on: bool


class EventsArrived(Message):
    """The source's thread has put events into the inbox that are to be drawn at once."""


class Furnished(Message):
    """The main screen is complete and can draw a session."""


@dataclass(eq=False, repr=False)
class SourceEnded(Message):
    """The source has no more events; `error` is what it failed with, or empty."""

    error: str


@dataclass(eq=False, repr=False)
class ThemeChosen(Message):
    """The user has chosen a theme."""

    name: str


@dataclass(frozen=True)
class MeasureAgain:
    """A case is to be measured again, now."""

    case: Case
    thorough: bool


@dataclass(eq=False, repr=False)
class Revisited(Message):
    """An earlier session has been read and is to be shown; `repeat` is called for what is to be measured again."""

    session: Session
    path: Path
    when: str
    repeat: Callable[[MeasureAgain], object]
