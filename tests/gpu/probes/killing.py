"""How soon a process that holds the device is gone once it is killed, and what the engine makes of it (finding 4)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.events import CaseFinished, FarLost, PhaseStarted, PlanFinished
from bench.plan import Case, Effort, Plan
from bench.session.session import Session
from tests.driver import Driver
from tests.gpu.child import end_with_input
from tests.gpu.computing import take
from tests.gpu.evidence import Evidence
from tests.gpu.judging import by_thresholds
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step
from tests.programs import MISBEHAVING

READY = b"READY"
PATIENCE_S = 90.0
MIB = 1 << 20
ENGINES_PATIENCE_S = 2.0
"""What the engine waited when the finding was made."""


def hold(device: str, what: str) -> None:
    """Take hold of the device, say so, and stay until killed: `idle`, `busy`, or `full` (of memory, on a GPU)."""
    end_with_input()
    setting = Setting(device, Path(), Path())
    tf, name = take(setting)
    size = 8192 if setting.on_gpu else 256
    with tf.device(name):
        kept = [tf.zeros((256 * MIB if setting.on_gpu else MIB,))]
        a = tf.random.normal((size, size))
        tf.matmul(a, a)
        if what == "full" and setting.on_gpu:
            with contextlib.suppress(tf.errors.ResourceExhaustedError):
                while True:
                    kept.append(tf.zeros((256 * MIB,)))
        tf.raw_ops.SyncDevice()
        os.write(1, READY + b"\n")
        while what == "busy":
            tf.matmul(a, a)
    signal.pause()


def kill(device: str, what: str) -> float:
    """Start a process that holds the device, kill it, and return the seconds until it was gone."""
    code = f"from {hold.__module__} import hold; hold({device!r}, {what!r})"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if READY in line:
                break
        else:
            raise RuntimeError(f"the process that was to hold {device} ended with {process.wait()}")
        start = perf_counter()
        process.kill()
        process.wait(PATIENCE_S)
        return perf_counter() - start


def measure_kills(setting: Setting) -> Figures:
    """Kill processes that hold the device idly, in the midst of computing, and with all of its memory."""
    gone_s: dict[str, list[float]] = {}
    for what in ("idle", "busy", "full", "idle", "busy"):
        gone_s.setdefault(what, []).append(kill(setting.device, what))
        yield "gone_s", gone_s


def killed_process_stays(figures: Evidence) -> Answer:
    """Decide by the longest of at least three."""
    by_kind = {what: figures.numbers("kills", "gone_s", what) for what in figures.mapping("kills", "gone_s")}
    times = [time for each in by_kind.values() for time in each]
    words = "; ".join(f"{what} {', '.join(f'{time:.2f}' for time in each)} s" for what, each in by_kind.items())
    if len(times) < 3:
        return Answer(CANNOT_TELL if max(times) <= ENGINES_PATIENCE_S else CONFIRMED, f"{words}: too few")
    return by_thresholds(max(times), refuted_up_to=1.0, confirmed_from=ENGINES_PATIENCE_S, words=words)


def measure_engine(setting: Setting) -> Figures:
    """Cancel a case that hangs on the device, as a user would, and measure another after it."""
    with Driver() as driver:
        hanging = Case(f"{MISBEHAVING}::never_returns", device=setting.device, modes=("eager",))
        driver.engine.submit(Plan(cases=(hanging,), effort=Effort(budget_s=1.0)))
        driver.wait_for(PhaseStarted, lambda event: event.phase == "first_call")
        mark, start = driver.mark, perf_counter()
        driver.engine.cancel()
        driver.wait_for(PlanFinished, since=mark)
        yield "cancelled_after_s", perf_counter() - start
        (after,) = driver.measure(Case("tiny_ops", device=setting.device, modes=("eager",)))
        yield "far_side_lost", any(isinstance(event, FarLost) for event in driver.emitted)
        yield "next_case", {mode.mode: mode.status for mode in after.modes}
        yield "next_error", after.error or "none"
        yield "events", _summary(driver)


def _summary(driver: Driver) -> dict[str, Any]:
    finished = sum(isinstance(event, CaseFinished) for event in driver.emitted)
    return {"cases": len(Session(driver.emitted).cases), "finished": finished}


def cancelling_loses_the_far_side(figures: Evidence) -> Answer:
    """Decide by whether the engine gave the far side up, or could not measure the next case."""
    lost, next_case = figures.flag("engine", "far_side_lost"), figures.mapping("engine", "next_case")
    cancelled_s = figures.number("engine", "cancelled_after_s")
    words = f"cancelled after {cancelled_s:.1f} s, far side {'lost' if lost else 'kept'}, next case {next_case}"
    went_on = all(status == "ok" for status in next_case.values())
    return Answer(CONFIRMED if lost or not went_on else REFUTED, words)


PROBE = Probe(
    name="killing",
    tried="Killed processes that held the device idle, busy and full; cancelled a case that hangs on it.",
    steps=(Step("kills", measure_kills, 180), Step("engine", measure_engine, 150)),
    rules=(
        Rule(
            4,
            "A killed process that holds the device is not gone within 2 s",
            "The longest of five: over 2 s confirms, up to 1 s refutes, for this machine alone.",
            killed_process_stays,
        ),
        Rule(
            4,
            "Cancelling a case that hangs on the device costs the far side",
            "Confirmed if the engine gives the far side up, or cannot measure the next case; refuted otherwise.",
            cancelling_loses_the_far_side,
        ),
    ),
    kinds=("GPU", "CPU"),
)
