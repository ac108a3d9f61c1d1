"""What the screen does to the figures it shows, and what it costs by itself.

A terminal of 120×40, with room for the plot, is drained as fast as it is written to and does nothing else.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.events import Round
from bench.plan import DEFAULT_MODES, Case, Effort, Plan
from bench.session.journal_reader import read
from tests.fidelity.listener import Listener
from tests.fidelity.part import Key, Line, Part, Row, Values, group
from tests.fidelity.turns import HEADLESS, SCREEN, Job, Turn

SIZES = {"120×40": (120, 40), "80×24": (80, 24)}
"""Columns and lines: with room for the plot, and without."""

LARGE = SIZES["120×40"]

THREAD = "thread"

FIRST, SECOND = "first", "second"
"""Every other headless turn, from the first and from the second on: what two watchers differ by that are the same."""

CASES = {
    "chain": Case("elementwise_chain"),
    "matmul 256²": Case("matmul", (("m", 256), ("k", 256), ("n", 256))),
}
FREQUENT = {**CASES, "chain, xla alone": Case("elementwise_chain", modes=("xla",))}
"""One mode has three times the rounds."""

BUDGET_S, THREAD_SHARE, CPU_BUDGET_S = 5.0, 2.0, 15.0
"""Of a turn; of the thread's one, in turns; of a turn whose CPU time is taken."""

NEVER = 1e-9
"""A target that is not reached: the whole budget is spent."""

ORDER = 4 * (HEADLESS, SCREEN, SCREEN, HEADLESS)
"""What drifts steadily meets both watchers alike; and turns are short, for a machine that changes its speed."""

MOST_OFF = {"p50": 0.01, "p99": 0.05}
MOST_CPU = 0.05

Blocks = Mapping[str, NDArray[np.float64]]
"""Block latencies in seconds, by mode."""

Percentiles = dict[str, dict[str, float]]
"""Seconds, as [mode]["p50" or "p99"]."""


# --- screen against headless --------------------------------------------------------------------------------------


def units(repeats: int) -> Iterator[Key]:
    """The cases in turn."""
    for repeat in range(repeats):
        for case in CASES:
            yield {"case": case, "repeat": repeat, "budget_s": BUDGET_S}


def measure(key: Key) -> Values:
    """Percentiles of block latencies: one worker under ORDER, and a thread of the screen's own process."""
    case, budget_s = CASES[str(key["case"])], float(key["budget_s"])
    with tempfile.TemporaryDirectory() as place:
        turns = watched(_plan(case, budget_s), ORDER, LARGE, Path(place))
        thread = in_thread(_plan(case, THREAD_SHARE * budget_s), Path(place))
    headless = [blocks for turn, blocks in turns if turn.watcher == HEADLESS]
    return {
        HEADLESS: percentiles(headless),
        SCREEN: percentiles(blocks for turn, blocks in turns if turn.watcher == SCREEN),
        THREAD: percentiles([thread]),
        FIRST: percentiles(headless[::2]),
        SECOND: percentiles(headless[1::2]),
    }


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Each percentile of each case, by mode: the screen's, a UI thread's and a second headless turn's over headless."""
    for (case,), repeats in group(lines, "case").items():
        for percentile, most in MOST_OFF.items():
            screen, thread, again = (
                _by_mode([(line.values[over], line.values[under]) for line in repeats], percentile)
                for over, under in ((SCREEN, HEADLESS), (THREAD, HEADLESS), (SECOND, FIRST))
            )
            yield Row(
                f"{percentile} of block latency, screen over headless, {case}, {len(repeats)} repeats: "
                "median (least-most)",
                screen,
                f"within {most:.0%}",
                f"engine in a UI thread: {thread}; headless turns over headless turns: {again}",
            )


def _by_mode(pairs: Sequence[tuple[Percentiles, Percentiles]], percentile: str) -> str:
    ratios = {
        mode: [over[mode][percentile] / under[mode][percentile] for over, under in pairs]
        for mode in DEFAULT_MODES
        if mode in pairs[0][0]
    }
    return ", ".join(
        f"{mode} {statistics.median(values):.3f} ({min(values):.3f}-{max(values):.3f})"
        for mode, values in ratios.items()
    )


# --- what the screen costs ----------------------------------------------------------------------------------------


def cpu_units(repeats: int) -> Iterator[Key]:
    """The cases and sizes in turn."""
    for repeat in range(repeats):
        for case in FREQUENT:
            for size in SIZES:
                yield {"case": case, "size": size, "repeat": repeat, "budget_s": CPU_BUDGET_S}


def measure_cpu(key: Key) -> Values:
    """The part of a core that each watcher's process, engine and all but the worker, uses while rounds run."""
    plan = _plan(FREQUENT[str(key["case"])], float(key["budget_s"]))
    with tempfile.TemporaryDirectory() as place:
        turns = watched(plan, (HEADLESS, SCREEN), SIZES[str(key["size"])], Path(place))
    return {turn.watcher: turn.cpu_s / turn.wall_s for turn, _ in turns}


def cpu_rows(lines: Sequence[Line]) -> Iterator[Row]:
    """The part of a core, by case and size."""
    for (case, size), repeats in group(lines, "case", "size").items():
        screen, headless = ([100 * line.values[watcher] for line in repeats] for watcher in (SCREEN, HEADLESS))
        yield Row(
            f"the interface's own CPU while measuring, {case}, {size}, {len(repeats)} repeats: median (least-most)",
            f"{statistics.median(screen):.1f} % of a core ({min(screen):.1f}-{max(screen):.1f})",
            f"≤ {MOST_CPU:.0%}",
            f"headless: {statistics.median(headless):.1f} %",
        )


# --- both ---------------------------------------------------------------------------------------------------------


def watched(plan: Plan, watchers: tuple[str, ...], size: tuple[int, int], place: Path) -> list[tuple[Turn, Blocks]]:
    """The turns and their blocks, from one worker, watched from a process in a terminal of `size`."""
    job = Job(plan, watchers, session=str(place / "turns.jsonl"), report=str(place / "turns.json"))
    _run("turns", job, size, place)
    turns = [Turn(**fields) for fields in json.loads(Path(job.report).read_text(encoding="utf-8"))]
    blocks = blocks_of(Path(job.session))
    return [(turn, blocks[turn.case_id]) for turn in turns]


def in_thread(plan: Plan, place: Path) -> Blocks:
    """The blocks of a plan's one case, measured in a thread of the screen's own process."""
    job = Job(plan, (THREAD,), session=str(place / "in_thread.jsonl"), report="")
    _run("in_thread", job, LARGE, place)
    (blocks,) = blocks_of(Path(job.session)).values()
    return blocks


def blocks_of(session: Path) -> dict[str, Blocks]:
    """The block latencies of each case of a session, by its id."""
    found: dict[str, dict[str, list[float]]] = {}
    for event in read(session).events:
        if isinstance(event, Round):
            for visit in event.visits:
                found.setdefault(event.case_id, {}).setdefault(visit.mode, []).append(visit.latency_s)
    return {case_id: {mode: np.array(values) for mode, values in modes.items()} for case_id, modes in found.items()}


def percentiles(parts: Iterable[Blocks]) -> Percentiles:
    """Of all the parts' blocks together."""
    several = list(parts)
    together = {mode: np.concatenate([blocks[mode] for blocks in several]) for mode in several[0]}
    return {
        mode: dict(zip(MOST_OFF, np.percentile(values, (50, 99)).tolist(), strict=True))
        for mode, values in together.items()
    }


def _plan(case: Case, budget_s: float) -> Plan:
    return Plan((case,), Effort(budget_s=budget_s, target=NEVER))


def _run(module: str, job: Job, size: tuple[int, int], home: Path) -> None:
    columns, lines = size
    arguments = ["-m", f"{__package__}.{module}", msgspec.json.encode(job).decode()]
    with Listener(arguments, home, columns=columns, lines=lines) as terminal:
        terminal.until_ended()


PART = Part(
    name="interference",
    help="Block latency watched from the screen, over block latency that no one watches (50 min).",
    repeats=12,
    units=units,
    measure=measure,
    rows=rows,
)

CPU_PART = Part(
    name="ui-cpu",
    help="What the interface itself uses of a core while it shows a measurement (20 min).",
    repeats=5,
    units=cpu_units,
    measure=measure_cpu,
    rows=cpu_rows,
)
