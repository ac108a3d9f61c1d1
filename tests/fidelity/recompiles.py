"""Whether every compilation is seen: by the worker's watch, call by call, and in the events of a measured case.

What happened is known from XLA itself, which is told to dump each module that it compiles. The watch reads the log that
TensorFlow's cache of compiled functions writes, so the two are independent; the trace counts, which are what there is
to look at otherwise, stand beside them.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.engine.launch import FarSide
from bench.events import Hello, Retraced
from bench.plan import Case
from tests.driver import Driver
from tests.fidelity.part import Key, Line, Part, Row, Values, group
from tests.programs import HERE as PROGRAMS

if TYPE_CHECKING:
    from bench.worker.channel import Log

CHANGES = 30
COLUMNS = 64

DUMPED = "module_*_after_optimizations.txt"
"""XLA writes one for each module that it compiles, on every kind of device."""


@dataclass(frozen=True)
class Counts:
    """Compilations that `happened`, those `seen`, and traces. `misjudged`: calls in which more or fewer were seen."""

    happened: int
    seen: int
    traces: int
    misjudged: int = 0


@dataclass(frozen=True)
class Situation:
    """A function as a user may write it, the arguments of one call after another, the `tf.function`s within."""

    function: Callable[..., Any]
    arguments: Iterator[tuple[Any, ...]]
    traced: Sequence[Any]


# --- call by call -------------------------------------------------------------------------------------------------


def _growing() -> Iterator[tuple[Any, ...]]:
    import tensorflow as tf

    return ((tf.ones((rows, COLUMNS)),) for rows in itertools.count(1))


def one_signature() -> Situation:
    """One signature for every number of rows: it is traced once, and compiled for each."""
    import tensorflow as tf

    signature = [tf.TensorSpec((None, COLUMNS), tf.float32)]
    function = tf.function(lambda x: tf.nn.softmax(x), jit_compile=True, input_signature=signature)
    return Situation(function, _growing(), [function])


def no_signature() -> Situation:
    """Every number of rows is traced too."""
    import tensorflow as tf

    function = tf.function(lambda x: tf.nn.softmax(x), jit_compile=True)
    return Situation(function, _growing(), [function])


def python_number() -> Situation:
    """A Python number is a constant of each trace."""
    import tensorflow as tf

    function = tf.function(lambda x, factor: tf.reduce_sum(x * factor), jit_compile=True)
    return Situation(function, ((tf.ones((8, COLUMNS)), 0.5 * step) for step in itertools.count(1)), [function])


def unfinished_prints() -> Situation:
    """Every call prints something that it does not end with a newline: the log's line follows on the same line."""
    inner = one_signature()

    def function(x: Any) -> Any:
        print("loss 0.31 ", end="", flush=True)
        return inner.function(x)

    return Situation(function, inner.arguments, inner.traced)


def two_functions() -> Situation:
    """Every call compiles twice."""
    first, second = one_signature(), one_signature()
    traced = [*first.traced, *second.traced]
    return Situation(lambda x: second.function(first.function(x)), _growing(), traced)


def nothing_changes() -> Situation:
    """The control."""
    same = one_signature()
    return Situation(same.function, itertools.repeat(next(same.arguments)), same.traced)


SITUATIONS: dict[str, Callable[[], Situation]] = {
    "rows change under one signature": one_signature,
    "rows change without a signature": no_signature,
    "a Python number changes": python_number,
    "rows change, with unfinished prints": unfinished_prints,
    "rows change, two functions in a call": two_functions,
    "nothing changes": nothing_changes,
}


def call_by_call(situation: str) -> Counts:
    """Over CHANGES calls after the first, in a process of its own that is made as a worker is."""
    with tempfile.TemporaryDirectory() as place:
        log = Path(place, "log")
        with log.open("a+b") as stderr:
            done = subprocess.run(
                [sys.executable, "-m", __name__, situation, place],
                env={**os.environ, "XLA_FLAGS": _dump_to(place)},
                stdout=subprocess.PIPE,
                stderr=stderr,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(log.read_text(errors="replace")[-2000:])
    return Counts(**json.loads(done.stdout))


def count(situation: Situation, dumps: Path, log: Log) -> Counts:
    """Call once, then CHANGES times, in this process."""
    from bench.worker.checks.recompiles import RecompileWatch

    def call() -> tuple[int, int]:
        arguments = next(situation.arguments)
        before, watch = _modules(dumps), RecompileWatch(log, situation.function)
        situation.function(*arguments)
        return _modules(dumps) - before, watch.retraces().compiled.count

    def traces() -> int:
        return sum(function.experimental_get_tracing_count() for function in situation.traced)

    call()
    traces_before = traces()
    calls = [call() for _ in range(CHANGES)]
    return Counts(
        happened=sum(happened for happened, _ in calls),
        seen=sum(seen for _, seen in calls),
        traces=traces() - traces_before,
        misjudged=sum(happened != seen for happened, seen in calls),
    )


def _main(situation: str, dumps: str) -> None:
    """What a worker does before its first case, then the situation; the counts go to standard output."""
    from bench.worker.channel import Channel
    from bench.worker.machine import environment

    results = os.dup(1)  # the channel takes standard output away
    log = Channel().log
    environment.prepare()
    os.write(results, json.dumps(asdict(count(SITUATIONS[situation](), Path(dumps), log))).encode())


# --- as events ----------------------------------------------------------------------------------------------------


def _case(function: str, sets: str) -> Case:
    return Case(f"{PROGRAMS}/dynamic.py::{function}", ((sets, CHANGES + 1),), modes=("xla",))


CASES: dict[str, Case] = {
    "rows change under one signature": _case("open_shape", "shapes"),
    "rows change without a signature": _case("any_shape", "shapes"),
    "a Python number changes": _case("python_number", "numbers"),
    "nothing changes": Case("softmax", (("rows", 64), ("columns", COLUMNS)), modes=("xla",)),
}


def in_events(situation: str) -> Counts:
    """From the first call of a case with CHANGES + 1 argument sets to its end, phases and rounds."""
    with tempfile.TemporaryDirectory() as place:
        far = FarSide.from_options(far=f"env XLA_FLAGS={_dump_to(place)} {sys.executable}")
        with Driver(far) as driver:
            driver.wait_for(Hello)  # a worker has warmed up by then
            before = _modules(Path(place))
            driver.measure(CASES[situation])
            compiled = _modules(Path(place)) - before
            again = [event for event in driver.emitted if isinstance(event, Retraced)]
    return Counts(
        happened=compiled - 1,  # the first call's
        seen=sum(event.compilations for event in again),
        traces=sum(event.traces for event in again),
    )


def _dump_to(place: str) -> str:
    return f"--xla_dump_to={place}"


def _modules(dumps: Path) -> int:
    return sum(1 for _ in dumps.glob(DUMPED))


# --- the part -----------------------------------------------------------------------------------------------------

WAYS: dict[str, tuple[Callable[[str], Counts], Iterable[str]]] = {
    "call by call": (call_by_call, SITUATIONS),
    "in a case's events": (in_events, CASES),
}


def units(repeats: int) -> Iterator[Key]:
    """Every situation, both ways."""
    for repeat in range(repeats):
        for way, (_, situations) in WAYS.items():
            for situation in situations:
                yield {"way": way, "situation": situation, "repeat": repeat}


def measure(key: Key) -> Values:
    """The counts of a situation."""
    count_one, _ = WAYS[str(key["way"])]
    return asdict(count_one(str(key["situation"])))


def rows(lines: Sequence[Line]) -> Iterator[Row]:
    """Seen over happened, for each situation."""
    for (way, situation), repeats in group(lines, "way", "situation").items():
        seen, happened, traces = (sum(line.values[name] for line in repeats) for name in ("seen", "happened", "traces"))
        misjudged = sum(line.values["misjudged"] for line in repeats)
        yield Row(
            f"recompiles seen / happened over {len(repeats)} × {CHANGES} calls, {situation}, {way}",
            f"{seen} / {happened}" + (f", {misjudged} calls misjudged" if misjudged else ""),
            f"{happened} / {happened}",
            f"trace counts alone: {traces}",
        )


PART = Part(
    name="recompiles",
    help="Compilations that are seen over those that happened, by XLA's own account (2 min).",
    repeats=2,
    units=units,
    measure=measure,
    rows=rows,
)

if __name__ == "__main__":
    _main(*sys.argv[1:])
