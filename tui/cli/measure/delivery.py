"""Deliver the results of `run`: print each case as it ends, and write all outputs at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bench.files.targets import reason
from bench.report.formats import Format
from bench.session.results import CaseResult
from bench.session.session import Session

from ..console import say, show, silence_stdout
from ..options.outputs import NotWrittenError, Outputs
from ..report import case_text
from .csv_stream import LiveRows


class Delivery:
    """Brings results to stdout and to the outputs. If one fails, the others are still written.

    `failures`: what could not be written, each in words; empty words for a pipe that nobody reads any more.
    """

    def __init__(self, outputs: Outputs[Format], session: Session) -> None:
        self.failures: list[str] = []
        self._outputs = outputs
        self._session = session
        self._live = LiveRows.of(outputs)
        self._lost: list[LiveRows] = []

    def begin(self, case_ids: Collection[str]) -> None:
        """Write what was measured before, in a session of which these cases are to be measured. Raises OSError."""
        if before := [case for case in self._session.begun if case.case_id not in case_ids]:
            self._write_rows(before)

    def take(self, case: CaseResult) -> None:
        """Print a case that has ended. Raises OSError if stdout fails and results go nowhere else."""
        if case.started_at is not None or case.state != "cancelled":
            self.tell(f"{case_text(case)}\n")
        self._write_rows([case])

    def tell(self, text: str) -> None:
        """Print a text, on stderr if stdout is an output. Raises OSError, as `take`."""
        try:
            (say if self._outputs.take_stdout else show)(text)
        except OSError as error:
            if not self._outputs.to_files:
                raise
            silence_stdout()
            if not isinstance(error, BrokenPipeError):  # whoever closed it has seen enough
                self._fail(f"cannot write to stdout: {reason(error)}")

    def finish(self, content: Callable[[Format], str], is_interrupted: Callable[[], bool]) -> None:
        """Write every output, or the rest of it: at last to pipes that wait for a reader."""
        self._write_rows(self._session.begun, is_last=True)
        try:
            self._outputs.write(content, but=[live.output.kind for live in (*self._live, *self._lost)])
        except NotWrittenError as error:
            self._fail(error.message)
        except BrokenPipeError:
            self._fail("")
        for live in self._live:
            try:
                live.finish(is_interrupted)
            except OSError as error:
                self._lose(live, error, is_last=True)
            live.close()

    def _write_rows(self, cases: list[CaseResult], *, is_last: bool = False) -> None:
        for live in self._live:
            try:
                live.write(self._session, cases)
            except OSError as error:
                self._lose(live, error, is_last=is_last)
        self._live = [live for live in self._live if live not in self._lost]

    def _lose(self, live: LiveRows, error: OSError, *, is_last: bool) -> None:
        live.close()
        self._lost.append(live)
        output, closed = live.output, isinstance(error, BrokenPipeError)
        if output.is_stdout:
            if not (self._outputs.to_files or is_last):
                raise error
            silence_stdout()
        said = "nobody reads it any more" if closed else reason(error)
        self._fail("" if closed and output.is_stdout else f"cannot write {output.called}: {said}")

    def _fail(self, failure: str) -> None:
        if failure not in self.failures:
            self.failures.append(failure)
