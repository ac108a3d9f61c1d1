"""The screen itself has failed: what is kept of that, and the one line that is said."""

from __future__ import annotations

import platform
import shlex
import time
import traceback
from importlib.metadata import version
from pathlib import Path

from bench import __version__
from bench.printable import printable

from ..config.locations import LocationError, state_dir
from .console import say


def line_on(error: BaseException, session_path: Path | None) -> str:
    """What is said on stderr, once the traceback has been written to a file."""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    parts = [f"the screen failed: {what}", _keep_traceback(error)]
    if session_path is not None:
        parts.append(f"the session is kept: tfjit-tui replay {shlex.quote(str(session_path))}")
    return "; ".join(parts)


def _keep_traceback(error: BaseException) -> str:
    """Where the traceback can be read; on stderr, if it cannot be written anywhere."""
    told = printable("".join(traceback.format_exception(error)))
    try:
        path = state_dir() / f"crash-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.txt"
        path.write_text(_versions() + told, encoding="utf-8")
    except (OSError, LocationError) as failure:
        say(told)
        return f"its traceback stands above, for it could not be kept: {failure}"
    return f"the traceback is in {path}"


def _versions() -> str:
    parts = (
        f"tfjit-tui {__version__}",
        f"Python {platform.python_version()}",
        f"Textual {version('textual')}",
        platform.platform(),
    )
    return f"{', '.join(parts)}\n\n"
