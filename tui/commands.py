"""What a person can do, one class a command: key bindings, footer, palette and help are all made from these.

A command's docstring is its help. The main screen carries it out in the method `action_` + its name.
"""

from __future__ import annotations

import re
from typing import ClassVar

from textual.binding import Binding


class Command:
    """A command. `key` may be empty: the palette has it; `label` is what the footer says, where `footer` is set."""

    key: ClassVar[str] = ""
    label: ClassVar[str] = ""
    footer: ClassVar[bool] = False
    group: ClassVar[Binding.Group | None] = None

    @classmethod
    def name(cls) -> str:
        """The command's name, as in `action_NAME`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """The command's name, as a person reads it."""
        return cls.name().replace("_", " ").capitalize()

    @classmethod
    def help(cls) -> str:
        """What the command does."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def binding(cls) -> Binding:
        """The key binding, shown in the footer where it belongs there."""
        return Binding(
            cls.key,
            cls.name(),
            cls.label or cls.title(),
            show=cls.footer,
            # Heard before any field: by the ordinary way a key is acted upon only after those that came with it.
            priority=True,
            tooltip=cls.help(),
            group=cls.group,
        )


SCALE = Binding.Group("÷2 ×2", compact=True)


class Run(Command):
    """Measure what is set up, in place of what is being measured."""

    key, label, footer = "r", "run", True


class Thorough(Command):
    """Measure what is set up for longer, more finely and in three processes, whatever the effort set."""

    key, label, footer = "t", "finer", True


class Stop(Command):
    """Stop measuring. What was measured so far stays."""

    key, label, footer = "escape", "stop", True


class Sweep(Command):
    """Measure what is set up over a range of sizes or several dtypes, and find where another mode is best."""

    key, label, footer = "s", "sweep", True


class Modes(Command):
    """Choose further modes to measure: your code as it is written, concrete functions, autoclustering and others."""

    key = "x"


class Open(Command):
    """Measure code of your own: a function in a file, a Keras model, a SavedModel."""

    key = "o"


class Runtime(Command):
    """Say how TensorFlow itself is to run: oneDNN, TensorFloat-32, threads."""

    key = "comma"


class Pause(Command):
    """Begin no other case of a sweep; again to go on."""

    key = "p"


class Skip(Command):
    """Give up the case under way, and go on with the next."""

    key = "n"


class Setup(Command):
    """Show or fold away the setup, where the screen is too narrow for both."""

    key, label, footer = "m", "setup", True


class Halve(Command):
    """Halve the dimension under the cursor."""

    key, footer, group = "[", True, SCALE


class Double(Command):
    """Double the dimension under the cursor."""

    key, footer, group = "]", True, SCALE


class StepDown(Command):
    """Make the dimension under the cursor smaller by a step, about an eighth of it."""

    key = "minus"


class StepUp(Command):
    """Make the dimension under the cursor larger by a step, an eighth of it, rounded down to a power of two."""

    key = "plus,equals_sign"


class Undo(Command):
    """Go back to the setup before the latest change."""

    key = "u"


class Redo(Command):
    """Take back the latest undo."""

    key = "U"


class Help(Command):
    """Show every key, and how to read the screen."""

    key, label, footer = "?", "help", True


class Quit(Command):
    """Quit. Nothing keeps running."""

    key, label, footer = "q", "quit", True


class AutoRun(Command):
    """Measure by itself, a moment after the setup has changed; again to switch that off."""

    key, label, footer = "a", "auto", True


class Export(Command):
    """Write every result to a file: CSV, JSON, Markdown, HTML with pictures; or the screen as SVG."""

    key, label, footer = "e", "export", True


class WritePlan(Command):
    """Write what is set up as a plan's file, for `tfjit-tui run` to measure."""

    key = "w"


class Screenshot(Command):
    """Write the screen as it is to a file, as an SVG picture."""


class Copy(Command):
    """Copy the verdict, the environment and the command that repeats it; they are written to a file too."""

    key = "y"


class Details(Command):
    """Show where the time of a call goes, how the rounds went and what is suspicious."""

    key = "d"


class Filter(Command):
    """Show only those results that have the words you type."""

    key = "f"


class Sort(Command):
    """Sort the results by the next column, at last as they were measured."""

    key = "z"


class Browse(Command):
    """Show earlier sessions: look at one again, measure a row of it now, go on with it."""

    key = "b"


class Compare(Command):
    """Compare the case shown with the same measured before, or with another row: the change in each mode."""

    key = "c"


class Seed(Command):
    """Measure the preset `seed` (matmul 1024) and compare it with the figures claimed for it."""


class Theme(Command):
    """Choose the colours; the choice is remembered."""


class Suspend(Command):
    """Go back to the shell for a while; `fg` returns here."""

    key = "ctrl+z"


class Palette(Command):
    """Find a command by its name."""

    key, label, footer = "ctrl+p", "more", True


COMMANDS: tuple[type[Command], ...] = (
    Run,
    Thorough,
    Stop,
    Setup,
    Halve,
    Double,
    Help,
    Quit,
    AutoRun,
    Export,
    Sweep,
    Copy,
    Palette,
    StepDown,
    StepUp,
    Undo,
    Redo,
    Modes,
    Open,
    Runtime,
    Pause,
    Skip,
    Details,
    Filter,
    Sort,
    WritePlan,
    Browse,
    Compare,
    Seed,
    Screenshot,
    Theme,
    Suspend,
)
"""In the footer's order: what a small screen cuts off is at the end."""

BINDINGS = [command.binding() for command in COMMANDS if command.key and command is not Palette]
"""Of the main screen; the palette's key is the application's."""
