"""Hostile files: what a stranger may mail as a session, made by code so that the repository stays small.

Some name a far side, or code, that would create MARKER in the current directory. Nothing that opens one may start it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.events import (
    CaseFinished,
    CaseStarted,
    Catalogue,
    Device,
    Devices,
    Died,
    Disturbed,
    Event,
    FarLost,
    GpuFacts,
    Hello,
    ModeFailed,
    Notice,
    PlanFinished,
    PlanStarted,
    SessionStarted,
    WorkloadInfo,
    to_line,
)
from bench.plan import Case, Plan
from tests.examples import sweep_events
from tests.hostile_lines import NOTICE, ONE_CASE, estimate_line, plan_line, round_line, visit

MARKER = "marker"

SESSION_ID = "20260105T090000Z-0badf00d"

SHELL = f"sh -c 'touch {MARKER}; exec python3'"

EVIL = "\x1b]0;owned\x07\x1b[31m\x9b2J\x90q\x9c \u202e\u2066txt.exe\r\x08\x00"
"""A title, a colour, a cleared screen, a device's control string, a text that reads backwards, a line written over."""

RAW = (b"\x1b]0;owned", b"\xc2\x9b", b"\xc2\x90", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\x08", b"\x00")
"""What of EVIL no terminal may get, in UTF-8."""


@dataclass(frozen=True)
class Hostile:
    """A hostile file. `told`: what is said where it is opened, as a regular expression; empty if it opens like others.

    `slow`: it takes a hundred megabytes.
    """

    name: str
    make: Callable[[Path], object]
    told: str = ""
    slow: bool = False

    def write(self, folder: Path, name: str = SESSION_ID) -> Path:
        """Make the file in a folder, under a name."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.jsonl"
        self.make(path)
        return path


def lay_traps(folder: Path) -> None:
    """Put what the files name into the directory that is current when they are opened."""
    (folder / "evil.py").write_text(f"from pathlib import Path\nPath({MARKER!r}).touch()\n\n\ndef f():\n    return 1\n")
    python = folder / "python"
    python.write_text(f"#!/bin/sh\ntouch {MARKER}\n")
    python.chmod(0o755)


def _lines(path: Path, *lines: str | bytes) -> None:
    path.write_bytes(b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines))


def _events(path: Path, *events: Event) -> None:
    _lines(path, *map(to_line, events))


def _started(far: str = SHELL, fars: tuple[tuple[str, str], ...] = ()) -> SessionStarted:
    return SessionStarted(session_id=SESSION_ID, version="1", far=far, fars=fars, at=1_767_603_600.0)


MATMUL = Case("matmul", (("m", 64), ("k", 64), ("n", 64)))


def _broken_off(*cases: Case, started: SessionStarted | None = None, between: tuple[Event, ...] = ()) -> list[Event]:
    """A session that broke off, with one case measured and the others left."""
    measured = [*sweep_events(10)[3:], CaseFinished(case_id="1"), PlanFinished(cancelled=True)]
    ids = tuple(str(number) for number in range(101, 101 + len(cases)))
    begun = [PlanStarted(plan=Plan(cases), case_ids=ids), CaseStarted(case_id=ids[0])]
    return [started or _started(), HELLO, *between, *measured, *begun]


HELLO = Hello(protocol=1, host="box", platform="Linux", python="3.12", tensorflow="2.21.0", numpy="2.1.0")


def _session(*cases: Case, started: SessionStarted | None = None) -> Callable[[Path], None]:
    return lambda path: _events(path, *_broken_off(*(cases or (MATMUL,)), started=started))


def _repeated_in_rows() -> Iterator[Hostile]:
    """Yield sessions with long texts that each row of an export would repeat."""
    long, told = "x" * 3_900_000, "of 3,900,000 characters is longer than 1,000"
    for event in (replace(HELLO, host=long), replace(HELLO, platform=long), replace(HELLO, tensorflow=long)):
        yield Hostile("a long text of a worker", _with(to_line(event)), told)
    settings = replace(HELLO, settings=(("XLA_FLAGS", "x"),) * 90_000)
    yield Hostile("many settings", _with(to_line(settings)), "settings of 900,000 characters is longer than 30,000")
    devices = Devices(devices=(Device("CPU:0", long),))
    yield Hostile("a long processor", _with(to_line(devices)), f"hardware {told}")
    yield Hostile("a long machine", _session(started=replace(_started(), machine=long)), f"machine {told}")
    yield Hostile("a long name", _session(started=_started(fars=((long, "python3"),))), "longer than")
    yield Hostile("a long far side", _session(replace(MATMUL, far=long)), f"far {told}")


def _with(*lines: str | bytes) -> Callable[[Path], None]:
    """A session with further lines."""

    def write(path: Path) -> None:
        _lines(path, *map(to_line, _broken_off(MATMUL)), *lines)

    return write


def _texts(path: Path) -> None:
    evil_case = replace(MATMUL, workload=f"evil{EVIL}", far=f"far{EVIL}", inputs=EVIL)
    fars = tuple((f"{name}{EVIL}", f"sh -c 'touch {MARKER} {EVIL[:-1]}'") for name in ("far", "other"))
    hello = replace(HELLO, host=f"box{EVIL}", platform=EVIL, tensorflow=EVIL, settings=((EVIL, EVIL),), caches=(EVIL,))
    between: tuple[Event, ...] = (
        hello,
        Devices(devices=(Device("CPU:0", EVIL, GpuFacts(EVIL, EVIL, EVIL, EVIL, EVIL)),), missing=(EVIL,)),
        Notice(text=f"notice{EVIL}", severity="warning"),
        FarLost(exit_code=1, reason=f"lost{EVIL}", far=f"far{EVIL}"),
        Died(signal=EVIL, log_tail=(EVIL, f"tail{EVIL}")),
    )
    events = _broken_off(evil_case, MATMUL, started=_started(fars[0][1], fars), between=between)
    failed = ModeFailed(case_id="101", mode="xla", status="failed", error=f"error{EVIL}", traceback=(EVIL, EVIL))
    _events(path, *events, failed, CaseFinished(case_id="101", error=f"failed{EVIL}", traceback=(EVIL,)))


def _catalogue(path: Path) -> None:
    offered = WorkloadInfo("evil.py::f", "own", "innocent", "nothing", (("m", 1, 1, 9),), ("float32",))
    _events(path, *_broken_off(MATMUL, between=(Catalogue(workloads=(offered,)),)))


def _many(line: bytes, number: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        _session()(path)
        with path.open("ab") as file:
            for _ in range(number // 100_000):
                file.write((line + b"\n") * 100_000)

    return write


def _sparse(path: Path, size: int) -> None:
    """A file that has zeros for lines, and takes no room."""
    _session()(path)
    os.truncate(path, size)


def _planned(rules: str = "", case: str = ONE_CASE) -> Callable[[Path], None]:
    """A session with another plan, of one case."""
    return _with(plan_line([case], ['"x"'], rules))


def _big_plan(number: int) -> Callable[[Path], None]:
    return lambda path: _with(plan_line([ONE_CASE] * number, [f'"c{each}"' for each in range(number)]))(path)


def _big_far(path: Path) -> None:
    _session(started=_started(SHELL, tuple((str(number), SHELL) for number in range(1000))))(path)


def _cut_short(path: Path) -> None:
    _session()(path)
    path.write_bytes(path.read_bytes()[:-9])


def _that_start_something() -> Iterator[Hostile]:
    """Sessions like others, until they are gone on with."""
    two = (("a", "python3"), ("b", SHELL))
    yield Hostile("shell line", _session())
    yield Hostile("relative path", _session(started=_started("./python")))
    yield Hostile("two far sides", _session(replace(MATMUL, far="b"), started=_started("python3", two)))
    yield Hostile("own code", _session(Case("evil.py::f"), started=_started("")))
    yield Hostile("own module", _session(Case("evil:f"), started=_started("")))
    yield Hostile("own model", _session(Case("./evil.keras"), started=_started("")))
    yield Hostile("code in its catalogue", _catalogue)
    yield Hostile("texts that act on a terminal", _texts)


def _that_are_none() -> Iterator[Hostile]:
    yield Hostile("empty", lambda path: path.touch(), "is empty")
    yield Hostile("zeros", lambda path: path.write_bytes(b"\0" * 4096), "is not a session file")
    yield Hostile(
        "packed", lambda path: path.write_bytes(b"\x1f\x8b\x08\xff\xfe" * 99 + b"\n"), "is not a session file"
    )
    yield Hostile("other JSON", lambda path: _lines(path, "[1, 2, 3]"), "is not a session file")
    yield Hostile("a directory", lambda path: path.mkdir(), "is a directory")
    yield Hostile("a device", lambda path: path.symlink_to("/dev/zero"), "is a device")
    yield Hostile("a full device", lambda path: path.symlink_to("/dev/full"), "is a device")
    yield Hostile("a link to itself", lambda path: path.symlink_to(path.name), "cannot read")
    yield Hostile("a pipe without a writer", os.mkfifo, "is empty")


def _that_are_large() -> Iterator[Hostile]:
    sizes = ",".join(['["m",1]'] * 200_000)
    yield Hostile("a long line", _with(f'{NOTICE}"{"x" * (17 << 20)}"}}'), "longer than 16 MiB")
    yield Hostile("a long event", _with(f'{NOTICE}"{"x" * (5 << 20)}"}}'), "longer than 4 MiB")
    yield Hostile("a line of 100 MB", _with(f'{NOTICE}"{"x" * 100_000_000}"}}'), "longer than 16 MiB", slow=True)
    yield Hostile("a line without an end", lambda path: _sparse(path, (2 << 30) - 1), "longer than 16 MiB")
    yield Hostile("a terabyte", lambda path: _sparse(path, 1 << 40), "larger than 2 GiB")
    yield Hostile("ten million lines", _many(b'{"kind":"new"}', 10_000_000), "more than 5,000,000 lines", slow=True)
    yield Hostile("ten million empty lines", _many(b"", 10_000_000), "more than 5,000,000 lines")
    yield Hostile("many visits", _with(round_line(*[visit()] * 50_000)), "visited more than once")
    yield Hostile("a hundred visits", _with(round_line(*[visit()] * 100)), "visited more than once")
    yield Hostile(
        "many dimensions",
        _with(f'{{"kind":"case_sized","case_id":"101","dims":[{sizes}]}}'),
        "dims has 200,000 values",
    )
    yield Hostile("a plan of 50,001 cases", _big_plan(50_001), "50,001 cases are more than 50,000")
    yield Hostile("a plan of a million cases", _big_plan(1_000_000), "longer than 16 MiB", slow=True)
    yield Hostile("a thousand far sides", _big_far, "1,000 far sides are more than 100")
    yield Hostile("a long command", _session(started=_started(f"sh -c '{'x' * 40_000}'")), "longer than 30,000")
    yield Hostile("long words", _with(f'{NOTICE}"{"long " * 19_000}","severity":"warning"}}'))
    yield Hostile("longer words", _with(f'{NOTICE}"{"long " * 700_000}","severity":"warning"}}'), "longer than 100,000")
    yield from _repeated_in_rows()


def _that_have_numbers() -> Iterator[Hostile]:
    numbers = {"1e999": "1e999", "NaN": "NaN", "-Infinity": "-Infinity", "1e300": "1e300", "digits": "9" * 10_000}
    for name, number in numbers.items():
        yield Hostile(f"a latency of {name}", _with(round_line(visit(number))), "line [0-9]+: ")
        yield Hostile(f"calls of {name}", _with(round_line(visit(calls=number))), "line [0-9]+: ")
        yield Hostile(f"a time of {name}", _with(f'{NOTICE}"","at":{number}}}'), "line [0-9]+: ")
    ages = "no time that a calendar reaches"
    yield Hostile("a time before all calendars", _with(f'{NOTICE}"","at":-1e12}}'), ages)
    yield Hostile("a start in another age", _session(started=replace(_started(), at=1e14)), ages)
    yield Hostile("negative rounds", _with(estimate_line("-9")), "rounds -9 is not between")
    yield Hostile("rounds of 2**60", _with(estimate_line(str(2**60))), "is not between")
    yield Hostile("rounds of 2**50", _with(estimate_line(str(2**50))))
    yield Hostile("latencies of zero", _with(estimate_line(latency_s="0")), "no time that a call takes")
    yield Hostile("negative latencies", _with(estimate_line(latency_s="-1")), "no time that a call takes")
    disturbed = to_line(Disturbed(case_id="101", first=0, last=2**52, reason=""))
    yield Hostile("disturbed for ever", _with(disturbed))
    yield Hostile("huge sizes", _planned(case=f'{{"workload":"matmul","dims":[["m",{"9" * 60}]]}}'), "m is larger")
    yield Hostile(
        "a far device", _planned(case=f'{{"workload":"matmul","device":"CPU:{"9" * 5000}"}}'), "device 'CPU:9"
    )
    yield Hostile("calls to repay", _planned(f'"calls":{"9" * 400},'), "calls is more")


def _that_have_shapes() -> Iterator[Hostile]:
    deep = "[" * 1_000_000
    yield Hostile("deep", _with(deep), "line [0-9]+: not an event")
    yield Hostile("deep in a field", _with(NOTICE + deep), "line [0-9]+: notice: Expected")
    yield Hostile("deep in what is not known", _with('{"kind":"new","x":' + deep), "line [0-9]+: not JSON")
    yield Hostile(
        "deep in a plan", lambda path: _lines(path, '{"kind":"plan_started","plan":' + deep), "plan_started: "
    )
    yield Hostile("an id twice", _with(plan_line([ONE_CASE] * 2, ['"x"', '"x"'])), "'x' stands for two cases")
    yield Hostile("a case that was measured", _with(plan_line([ONE_CASE], ['"1"'])), "case 1 is planned again")
    yield Hostile("more ids than cases", _with(plan_line([ONE_CASE], ['"x"', '"y"'])), "2 case ids name 1 cases")
    yield Hostile("a case of nobody's", _with(round_line(visit()).replace("101", "999")), "no plan before it has")
    yield Hostile("a mode of nobody's", _with(round_line(visit(mode="nobody"))), "contradicts")
    yield Hostile("two sessions in one", _with(to_line(_started("python3 -X utf8"))))
    axes = ("m", "m=1,,2", f"m={'9' * 5000}", f"m=1..{'9' * 400}:x2", "m=1..99999999999999999999:+1", "device=GPU")
    for axis in axes:
        yield Hostile(f"swept along {axis[:30]}", _planned(f'"sweep":["{axis}"],'), "line [0-9]+: plan_started: ")
    yield Hostile("cut short", _cut_short)


CORPUS = (
    *_that_start_something(),
    *_that_are_none(),
    *_that_are_large(),
    *_that_have_numbers(),
    *_that_have_shapes(),
)
