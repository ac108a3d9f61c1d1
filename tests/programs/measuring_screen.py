"""`tfjit-tui` on a source that measures for ever, without TensorFlow. `?` fails, as a bug would; so does `‽` in the
thread that reads keys.

`ROUNDS_A_SECOND` in the environment is how fast it measures.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from textual.events import Key
from textual.message import Message

from bench.engine.source import Replay
from bench.events import (
    CaseFinished,
    CaseStarted,
    Device,
    Devices,
    Estimate,
    Event,
    Hello,
    ModeEstimate,
    PhaseStarted,
    PlanFinished,
    PlanStarted,
    Round,
    SessionStarted,
    Visit,
    WorkerStarting,
)
from bench.plan import Case, Effort, Plan
from bench.session.journal_writer import Journal
from bench.session.keeper import Keeper
from tests.examples import compared
from tui.cli import main as cli
from tui.cli import startup
from tui.cli.options.far import FarOptions
from tui.screens.main.main_screen import MainScreen
from tui.terminal.driver import TerminalDriver

LATENCIES_S = {"eager": 0.00812, "graph": 0.00779, "xla": 0.00341}
NOISE = 0.1
ESTIMATE_EVERY_S = 0.25
PLAN = Plan((Case("matmul", (("m", 1024), ("k", 1024), ("n", 1024))),), Effort(budget_s=3600))
ROUNDS_A_SECOND = float(os.environ.get("ROUNDS_A_SECOND", "35"))
CASE_ID = "1"


class Measuring(Replay):
    """A worker as the screen sees it, from the beginning into the rounds."""

    def __init__(self, journal: Journal | None) -> None:
        super().__init__(())
        self._keeper = Keeper(journal)
        self._ended = threading.Event()

    def events(self) -> Iterator[Event]:
        """What a real one would tell, each event in the journal first."""
        for event in self._told():
            self._keeper.keep(event)
            yield event

    def close(self) -> None:
        """End `events`, with the plan."""
        self._ended.set()

    def _told(self) -> Iterator[Event]:
        yield from (
            SessionStarted(session_id="measuring", version="0", far="python"),
            WorkerStarting(),
            Hello(protocol=1, host="box", platform="Linux", python="3.12.1", tensorflow="2.21.0", numpy="2.1.0"),
            Devices(devices=(Device("CPU:0", "A Processor"),)),
            PlanStarted(plan=PLAN, case_ids=(CASE_ID,)),
            CaseStarted(case_id=CASE_ID),
            PhaseStarted(case_id=CASE_ID, mode="", phase="rounds"),
        )
        yield from self._rounds()
        yield CaseFinished(case_id=CASE_ID, cancelled=True)
        yield PlanFinished(cancelled=True)

    def _rounds(self) -> Iterator[Event]:
        chance = random.Random(0)
        number, estimated_s, left_s = 0, 0.0, PLAN.effort.budget_s
        while not self._ended.wait(1 / ROUNDS_A_SECOND):
            latencies_s = {mode: median_s * chance.lognormvariate(0, NOISE) for mode, median_s in LATENCIES_S.items()}
            visits = tuple(Visit(mode, latency_s, 1, latency_s) for mode, latency_s in latencies_s.items())
            yield Round(case_id=CASE_ID, index=number, visits=visits)
            number += 1
            if number / ROUNDS_A_SECOND - estimated_s >= ESTIMATE_EVERY_S:
                estimated_s = number / ROUNDS_A_SECOND
                yield _estimate(number, estimated_s, left_s - estimated_s, chance)


def _estimate(rounds: int, spent_s: float, left_s: float, chance: random.Random) -> Estimate:
    """Figures that scatter by as much as is left after so many rounds."""
    off = NOISE / rounds**0.5
    medians_s = {mode: median_s * chance.lognormvariate(0, off) for mode, median_s in LATENCIES_S.items()}
    modes = tuple(
        ModeEstimate(
            mode, median_s, median_s * (1 - 2 * off), median_s * (1 + 2 * off), 1.1 * median_s, 1.2 * median_s, 1
        )
        for mode, median_s in medians_s.items()
    )
    pairs = tuple(
        compared(pair, ratio, ratio * (1 - 2 * off), ratio * (1 + 2 * off), "faster", 900)
        for pair, ratio in (
            ("g/e", medians_s["graph"] / medians_s["eager"]),
            ("x/e", medians_s["xla"] / medians_s["eager"]),
            ("x/g", medians_s["xla"] / medians_s["graph"]),
        )
    )
    return Estimate(case_id=CASE_ID, rounds=rounds, modes=modes, pairs=pairs, spent_s=spent_s, left_s=left_s)


def open_engine(
    _: FarOptions, session_file: Path | None, *, tell: Callable[[str], object]
) -> tuple[Measuring, Journal | None]:
    """In place of the real one."""
    journal = startup.open_journal(session_file, "measuring", tell)
    return Measuring(journal), journal


def fail(_: MainScreen) -> None:
    """What `?` does here."""
    raise ValueError("this is\na bug")


process_message = TerminalDriver.process_message


def fail_at_interrobang(driver: TerminalDriver, message: Message) -> None:
    """What the thread that reads keys does here."""
    if isinstance(message, Key) and message.character == "‽":
        raise ValueError("a bug beside the screen")
    process_message(driver, message)


if __name__ == "__main__":
    TerminalDriver.process_message = fail_at_interrobang  # type: ignore[method-assign]
    startup.open_engine = open_engine  # type: ignore[assignment]
    MainScreen.action_help = fail  # type: ignore[method-assign]
    cli.main()
