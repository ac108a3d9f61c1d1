"""Write the rows of a CSV into a pipe as each case ends."""

from __future__ import annotations

import errno
import os
import select
from collections.abc import Callable, Iterable
from time import monotonic, sleep

from bench.files.atomic_write import encoded
from bench.files.targets import Descriptor, Stream
from bench.report.formats import Format
from bench.session.results import CaseResult
from bench.session.session import Session

from ..console import write_descriptor
from ..options.output import Output

READER_WAIT_S = 5.0
"""Seconds to wait at the end for a reader of a named pipe."""

STEP_S = 0.2
"""Seconds between two looks for an interruption. After one, a reader that takes nothing for as long is given up."""


class LiveRows:
    """Writes rows to a descriptor, a pipe or a device.

    A named pipe may have no reader yet, or a slow one: its rows are kept until the next case ends.
    """

    def __init__(self, output: Output[Format], target: Descriptor | Stream) -> None:
        self.output = output
        self._target = target
        self._opened: int | None = None
        self._told: set[str] = set()
        self._unwritten = b""

    @classmethod
    def of(cls, outputs: Iterable[Output[Format]]) -> list[LiveRows]:
        """Return the outputs that take rows as they come. Raises ExportError."""
        tables = ((output, output.target) for output in outputs if output.kind.columns is not None)
        return [cls(output, target) for output, target in tables if isinstance(target, Descriptor | Stream)]

    def write(self, session: Session, cases: Iterable[CaseResult]) -> None:
        """Write the rows of cases that were not written yet, the header before the first. Raises OSError."""
        from bench.report.csv_export import csv_header, csv_rows

        new = [case for case in cases if case.case_id not in self._told]
        header = "" if self._told else csv_header()
        self._told.update(case.case_id for case in new)
        if header or new:
            self._write(encoded(header + csv_rows(session, new)))

    def finish(self, is_interrupted: Callable[[], bool]) -> None:
        """Write the rest: wait for a slow reader, and a while for one that is yet to come. Raises OSError."""
        deadline = monotonic() + READER_WAIT_S
        while self._unwritten:
            left = len(self._unwritten)
            self._flush()
            if self._opened is None and (is_interrupted() or monotonic() > deadline):
                raise OSError(errno.ENXIO, "nobody reads it")
            if self._unwritten:
                self._wait()
                self._flush()
            if len(self._unwritten) == left and self._opened is not None and is_interrupted():
                raise OSError(errno.EAGAIN, "its reader has not taken all of it")

    def close(self) -> None:
        """Close the stream: the reader sees its end."""
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None

    def _write(self, data: bytes) -> None:
        if isinstance(self._target, Descriptor):
            write_descriptor(self._target.number, data)
            return
        self._unwritten += data
        self._flush()

    def _flush(self) -> None:
        """Write as much as is taken without waiting. Raises OSError."""
        assert isinstance(self._target, Stream)
        try:
            if self._opened is None:
                self._opened = os.open(self._target.path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            while self._unwritten:
                self._unwritten = self._unwritten[os.write(self._opened, self._unwritten) :]
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.ENXIO:  # a named pipe without a reader
                raise

    def _wait(self) -> None:
        if self._opened is None:
            sleep(STEP_S)
        else:
            select.select([], [self._opened], [], STEP_S)
