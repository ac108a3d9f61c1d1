"""Runs plans in a thread: hears requests and far sides, and yields every event; leaves nothing behind.

All state belongs to the one thread that iterates `Engine.events`. What others ask for (`submit`, `cancel`, `close`) and
what far sides write arrive in one mailbox, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from types import MappingProxyType

from ..events import Event, Hello, Notice, SessionStarted
from ..plan import Plan, WorkerOptions
from ..session.journal_writer import Journal
from ..session.keeper import Keeper
from .connection import Closed, FarLine
from .far_sides import FarSides
from .launch import FarSide
from .mailbox import Cancel, Close, Look, Mailbox, Overslept, Pause, Skip, StartWorkers, Submit
from .scheduler import Conductor


class Engine:
    """A Source that measures, on one far side or on several.

    `machine` is what the user calls the machine. Of a session that is gone on with, `cases` is how many it has had
    before, and `hosts` are the machines on which they were measured, by far side. `clock`: seconds, for deadlines.
    """

    def __init__(
        self,
        *fars: FarSide,
        journal: Journal | None = None,
        session_id: str = "",
        version: str = "",
        options: WorkerOptions | None = None,
        machine: str = "",
        cases: int = 0,
        hosts: Mapping[str, str] = MappingProxyType({}),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._hosts = dict(hosts)
        self._keeper = Keeper(journal)
        self._session_id = session_id
        self._version = version
        self._machine = machine
        self._mailbox = Mailbox(clock)
        self._far_sides = FarSides(fars, options or WorkerOptions(), self._mailbox.put, clock)
        self._conductor = Conductor(self._far_sides, cases)

    # --- asked for from any thread --------------------------------------------------------------------------------

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        """Measure a plan, in place of the one under way; its cases under these ids, or new ones."""
        self._mailbox.ask(Submit(plan, case_ids))

    def look(self, workload: str, inputs: str, device: str) -> None:
        """Say what code of the user's is, by the event Looked, as soon as nothing is measured."""
        self._mailbox.ask(Look(workload, inputs, device))

    def cancel(self) -> None:
        """Give up the plan under way, within a second."""
        self._mailbox.ask(Cancel())

    def skip(self) -> None:
        """Give up the case under way, within a second, and go on with the next."""
        self._mailbox.ask(Skip())

    def pause(self, *, on: bool) -> None:
        """Begin no other case of the plan (`on`), or go on with it."""
        self._mailbox.ask(Pause(on))

    def close(self) -> None:
        """Give up everything and end the far sides; `events` then ends."""
        self._mailbox.ask(Close())

    # --- the one thread that owns the state -----------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Start the workers and yield every event, each written to the journal first, until closed."""
        # After what has been submitted by now: a worker is loaded for what it is to measure
        self._mailbox.ask(StartWorkers())
        try:
            for event in self._serve():
                yield from self._kept(event)
                if isinstance(event, Hello) and (moved := self._moved(event)):
                    yield from self._kept(moved)
        finally:
            for worker in self._far_sides:
                worker.hang_up()

    def _serve(self) -> Iterator[Event]:
        yield self._started()
        conductor, far_sides = self._conductor, self._far_sides
        while True:
            match self._mailbox.next(far_sides.deadline):
                case None:
                    yield from conductor.on_deadline()
                case Overslept(for_s):
                    far_sides.put_off(for_s)
                case Close():
                    yield from conductor.close()
                    return
                case StartWorkers():
                    yield from conductor.start_all()
                case Submit() as submitted:
                    yield from conductor.submit(submitted)
                case Look() as asked:
                    yield from conductor.look(asked)
                case Cancel():
                    yield from conductor.cancel()
                case Skip():
                    yield from conductor.skip()
                case Pause(on):
                    yield from conductor.pause(on=on)
                case FarLine(connection, data):
                    if worker := far_sides.on(connection):
                        yield from conductor.on_line(worker, data)
                case Closed(connection):
                    if worker := far_sides.on(connection):
                        yield from conductor.lose_far(worker)

    def _kept(self, event: Event) -> Iterator[Event]:
        trouble = self._keeper.keep(event)
        yield event
        if trouble:
            yield trouble

    def _moved(self, hello: Hello) -> Notice | None:
        """What to say where the session goes on on another machine than it was on; it is said once."""
        before = self._hosts.pop(hello.far, "")
        if not before or not hello.host or before == hello.host:
            return None
        text = (
            f"from here on measured on {hello.host}, before on {before}: compare no figure of one with one of the other"
        )
        return Notice(text=text, severity="warning")

    def _started(self) -> SessionStarted:
        fars = tuple((worker.name, str(worker.far)) for worker in self._far_sides)
        return SessionStarted(
            session_id=self._session_id,
            version=self._version,
            far=fars[0][1],
            fars=fars if len(fars) > 1 else (),
            machine=self._machine,
        )
