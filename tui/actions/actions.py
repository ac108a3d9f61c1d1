"""The actions of the screen, one class each: key bindings, footer, palette and help are all made from these.

An action's docstring is its help. The main screen carries it out in the method `action_` + its name.
"""

from __future__ import annotations

from textual.binding import Binding

from .base import AROUND, LOOK, MEASURE, SET_UP, TAKE, Action

SCALE = Binding.Group("÷2 ×2", compact=True)


class Run(Action):
    """Measure what is set up, in place of what is being measured."""

    key, label, footer = "r", "run", True
    section = MEASURE


class Thorough(Action):
    """Measure what is set up for longer, more finely and in three processes, whatever the effort set."""

    key, label, footer = "t", "finer", True
    section = MEASURE


class Stop(Action):
    """Stop measuring. What was measured so far stays."""

    key, label, footer = "escape", "stop", True
    section = MEASURE


class Sweep(Action):
    """Measure what is set up over a range of sizes or several dtypes, and find where another mode is best."""

    key, label, footer = "s", "sweep", True
    section = MEASURE


class Modes(Action):
    """Choose further modes to measure: your code as it is written, concrete functions, autoclustering and others."""

    key = "x"
    section = SET_UP


class Pick(Action):
    """Choose what to measure: search all workloads, see what each teaches and how it is written; `*` stars one."""

    key, label, footer = "slash", "pick", True
    section = SET_UP


class Open(Action):
    """Measure code of your own: a function in a file, a Keras model, a SavedModel."""

    key = "o"
    section = SET_UP


class Against(Action):
    """Hold what is set up against an old implementation, or its own past, in the same rounds."""

    key = "A"
    section = SET_UP


class Runtime(Action):
    """Say how TensorFlow itself is to run: oneDNN, TensorFloat-32, threads."""

    key = "comma"
    section = SET_UP


class Pause(Action):
    """Begin no other case of a sweep; again to go on."""

    key = "p"
    section = MEASURE


class Skip(Action):
    """Give up the case under way, and go on with the next."""

    key = "n"
    section = MEASURE


class Setup(Action):
    """Show or fold away the setup, where the screen is too narrow for both."""

    key, label, footer = "m", "setup", True
    section = SET_UP


class Halve(Action):
    """Halve the dimension under the cursor."""

    key, footer, group = "[", True, SCALE
    section = SET_UP


class Double(Action):
    """Double the dimension under the cursor."""

    key, footer, group = "]", True, SCALE
    section = SET_UP


class StepDown(Action):
    """Make the dimension under the cursor smaller by a step, about an eighth of it."""

    key = "minus"
    section = SET_UP


class StepUp(Action):
    """Make the dimension under the cursor larger by a step, an eighth of it, rounded down to a power of two."""

    key = "plus,equals_sign"
    section = SET_UP


class Undo(Action):
    """Go back to the setup before the latest change."""

    key, label, footer = "u", "undo", True
    section = SET_UP


class Redo(Action):
    """Take back the latest undo."""

    key = "U"
    section = SET_UP


class Help(Action):
    """Show every key, and how to read the screen."""

    key, label, footer = "?", "help", True
    section = AROUND


class Quit(Action):
    """Leave; asks first while something is being measured, and the same key again leaves. Nothing keeps running."""

    key, label, footer = "q,ctrl+c", "quit", True
    section = AROUND


class AutoRun(Action):
    """Measure by itself, a moment after the setup has changed; again to switch that off."""

    key, label, footer = "a", "auto", True
    section = MEASURE


class Export(Action):
    """Write every result to a file: CSV, JSON, Markdown, HTML with pictures; or the screen as SVG."""

    key, label, footer = "e", "export", True
    section = TAKE


class WritePlan(Action):
    """Write what is set up as a plan's file, for `tfjit-tui run` to measure."""

    key = "w"
    section = TAKE


class Screenshot(Action):
    """Write the screen as it is to a file, as an SVG picture."""

    section = TAKE


class Copy(Action):
    """Copy the verdict, the environment and the command that repeats it; they are written to a file too."""

    key = "y"
    section = TAKE


class Details(Action):
    """Show where the time of a call goes, how the rounds went and what is suspicious."""

    key = "d"
    section = LOOK


class Filter(Action):
    """Show only those results that have the words you type."""

    key = "f"
    section = LOOK


class Sort(Action):
    """Sort the results by the next column, at last as they were measured."""

    key = "z"
    section = LOOK


class Browse(Action):
    """Show earlier sessions: look at one again, measure a row of it now, go on with it."""

    key, label, footer = "b", "browse", True
    section = LOOK


class Compare(Action):
    """Compare the case shown with the same measured before, or with another row: the change in each mode."""

    key, label, footer = "c", "compare", True
    section = LOOK


class Seed(Action):
    """Measure the preset `seed` (matmul 1024) and compare it with the figures claimed for it."""

    section = MEASURE


class Theme(Action):
    """Choose the colours; the choice is remembered."""

    section = AROUND


class Suspend(Action):
    """Go back to the shell for a while; `fg` returns here."""

    key = "ctrl+z"
    section = AROUND


class Redraw(Action):
    """Draw everything anew, where something else has written onto the terminal."""

    key = "ctrl+l"
    section = AROUND


class Palette(Action):
    """Find a command by its name."""

    key, label, footer = "colon,ctrl+p", "more", True
    section = AROUND


ACTIONS: tuple[type[Action], ...] = (
    Run,
    Stop,
    Pick,
    Help,
    Palette,
    Quit,
    Setup,
    Thorough,
    Halve,
    Double,
    Sweep,
    AutoRun,
    Export,
    Copy,
    StepDown,
    StepUp,
    Undo,
    Redo,
    Modes,
    Open,
    Against,
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
    Redraw,
)
"""In the footer's order: what a small screen leaves out is at the end."""

BINDINGS = [binding for action in ACTIONS for binding in action.bindings()]
"""Of the main screen."""
