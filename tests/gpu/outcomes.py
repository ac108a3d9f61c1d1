"""What became of each step, kept as a file a step: whatever ends a run, what was measured before is there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from bench.files.atomic_write import write_text

OK, FAILED, TIMED_OUT, DIED, NOT_RUN = "ok", "failed", "timed out", "died", "not run"


@dataclass(frozen=True)
class Outcome:
    """What became of a step. `figures` holds what it measured before it ended, however it ended.

    `error`: why it did not end well, on one line. `seconds`: how long it took. `at`: when it began, in UTC.
    """

    probe: str
    step: str
    status: str
    figures: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0
    at: str = ""


class OutcomesError(Exception):
    """Kept outcomes that cannot be used, said in one line."""


class Outcomes:
    """The outcomes in one directory, which is made when the first is kept."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def keep(self, outcome: Outcome) -> None:
        """Write an outcome, in the place of an earlier one of the same step. Raises ExportError."""
        self._place.mkdir(parents=True, exist_ok=True)
        path = self._path(outcome.probe, outcome.step)
        write_text(msgspec.json.encode(outcome).decode(), path, overwrite=True)

    def of(self, probe: str, step: str) -> Outcome | None:
        """Return the outcome of a step, or None if there is none. Raises OutcomesError."""
        path = self._path(probe, step)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Outcome)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise OutcomesError(f"{path}: {error}: delete the file to measure it again") from None

    def forget(self, steps: Iterable[tuple[str, str]]) -> None:
        """Delete the outcomes of these steps, each named by its probe and its own name."""
        for probe, step in steps:
            self._path(probe, step).unlink(missing_ok=True)

    def _path(self, probe: str, step: str) -> Path:
        return self._place / re.sub(r"[^\w.-]", "-", f"{probe}.{step}.json")
