"""What the parts of the application tell each other."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from bench.plan import Plan


@dataclass
class Submitted(Message):
    """The user asks for a plan to be measured."""

    plan: Plan


class Cancelled(Message):
    """The user asks for the measurement to be stopped."""


class EventsArrived(Message):
    """The source's thread has put events into the inbox that are to be drawn at once."""


class Furnished(Message):
    """The main screen is complete and can draw a session."""


@dataclass
class SourceEnded(Message):
    """The source has no more events; `error` is what it failed with, or empty."""

    error: str
