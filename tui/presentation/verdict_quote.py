"""A verdict to paste elsewhere: the sentence, what it was measured with, and the command that repeats it."""

from __future__ import annotations

from pathlib import Path

from bench.analysis.verdict import advise
from bench.printable import printable
from bench.report.reproduce import environment_text, repeat_command
from bench.session.results import CaseResult

from ..config.locations import LocationError, state_dir

FILE_NAME = "verdict.txt"


def quote_verdict(case: CaseResult, more_arguments: tuple[str, ...] = ()) -> str:
    """Return the text to paste. `more_arguments`: options of the command besides the case's own."""
    command = repeat_command(case, more_arguments)
    return printable(f"{advise(case, hint='').text}\n\n{environment_text(case)}\n\n{command}\n")


def keep_quote(text: str) -> str:
    """Write the text to a file, since many terminals drop what is copied; returns what to tell the user."""
    try:
        path: Path = state_dir() / FILE_NAME
        path.write_text(text, encoding="utf-8")
    except (OSError, LocationError) as error:
        return f"Copied to the clipboard, if the terminal allows it. No file: {error}"
    return f"Copied to the clipboard, if the terminal allows it, and to {path}"
