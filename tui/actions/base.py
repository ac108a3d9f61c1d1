"""What an action is: its keys, what the footer says, where the help tells of it."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.binding import Binding

MEASURE, SET_UP, LOOK, TAKE, AROUND, MORE = (
    "measure",
    "set up",
    "look at what came out",
    "take along",
    "help and leaving",
    "more",
)
SECTIONS = (MEASURE, SET_UP, LOOK, TAKE, MORE, AROUND)
"""Of the help."""


class Action:
    """An action. `key` may be empty: the palette has it; it may be several, by commas, of which the first is shown.

    `label` is what the footer says, where `footer` is set and there is room; `section` is where the help tells of it.
    """

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    footer: ClassVar[bool] = False
    group: ClassVar[Binding.Group | None] = None
    section: ClassVar[str] = MORE

    @classmethod
    def name(cls) -> str:
        """Return the action's name, as in `action_NAME`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """Return the action's name, as a person reads it."""
        return cls.name().replace("_", " ").capitalize()

    @classmethod
    def help(cls) -> str:
        """Return what the action does."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def key_names(cls) -> tuple[str, ...]:
        """Its keys, as Textual calls them."""
        return tuple(filter(None, cls.key.split(",")))

    @classmethod
    def bindings(cls) -> list[Binding]:
        """The key bindings; the first key is shown in the footer where it belongs there."""
        return [
            Binding(
                key,
                cls.name(),
                cls.label or cls.title(),
                show=cls.footer and key == cls.key_names()[0],
                # Heard before any field: by the ordinary way a key is acted upon only after those that came with it.
                priority=True,
                tooltip=cls.help(),
                group=cls.group,
            )
            for key in cls.key_names()
        ]
