"""Write the rows of a CSV into a pipe as each case ends."""

from __future__ import annotations

import os
from collections.abc import Iterable

from bench.files import encoded, write_all
from bench.formats import Format
from bench.results import CaseResult
from bench.session import Session
from bench.targets import Descriptor, Stream

from .console import write_descriptor
from .output import Output


class LiveRows:
    """Writes rows to a descriptor, a pipe or a device. A named pipe is opened for the first row."""

    def __init__(self, output: Output[Format], target: Descriptor | Stream) -> None:
        self.output = output
        self._target = target
        self._opened: int | None = None
        self._told: set[str] = set()

    @classmethod
    def of(cls, outputs: Iterable[Output[Format]]) -> list[LiveRows]:
        """Return the outputs that take rows as they come. Raises ExportError."""
        tables = ((output, output.target) for output in outputs if output.kind.columns is not None)
        return [cls(output, target) for output, target in tables if isinstance(target, Descriptor | Stream)]

    def write(self, session: Session, cases: Iterable[CaseResult]) -> None:
        """Write the rows of cases that were not written yet, the header before the first. Raises OSError."""
        from bench.export import csv_header, csv_rows

        new = [case for case in cases if case.case_id not in self._told]
        header = "" if self._told else csv_header()
        self._told.update(case.case_id for case in new)
        if header or new:
            self._write(encoded(header + csv_rows(session, new)))

    def close(self) -> None:
        """Close the stream: the reader sees its end."""
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None

    def _write(self, data: bytes) -> None:
        if isinstance(self._target, Descriptor):
            write_descriptor(self._target.number, data)
            return
        if self._opened is None:
            self._opened = os.open(self._target.path, os.O_WRONLY | os.O_NOCTTY)
        write_all(self._opened, data)
