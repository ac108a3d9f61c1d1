"""Small sessions made by hand, out of the events that a real one has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import geometric_mean
from typing import Any

from bench.events import (
    PROTOCOL,
    Breakdown,
    CaseFinished,
    CaseStarted,
    Combined,
    Device,
    Devices,
    Disturbed,
    Estimate,
    Event,
    Hello,
    MachineState,
    ModeEstimate,
    ModeFailed,
    PairEstimate,
    PeakMemory,
    PhaseFinished,
    PhaseStarted,
    PlanFinished,
    PlanStarted,
    ProcessSpread,
    Round,
    SessionStarted,
    Suspicious,
    Verified,
    Visit,
)
from bench.plan import EFFORTS, Case, Plan
from bench.session.results import CaseResult
from bench.session.session import Session

MATMUL = Case("matmul", (("m", 1024), ("k", 1024), ("n", 1024)))

STARTED_AT = 1_800_000_000.0

ONE_OFF_S = {"graph": 0.1, "xla": 4.1}
"""What it takes to get a mode ready, beyond eager."""

SHORT_NAMES = {"e": "eager", "g": "graph", "x": "xla"}


def compared(
    who: str,
    ratio: float,
    low: float | None,
    high: float | None,
    verdict: str,
    repaid_after: int | None = None,
    between: tuple[int, int | None] | tuple[None, None] = (None, None),
    saving_s: float | None = None,
) -> PairEstimate:
    """A comparison; `who` is `x/g` for XLA's time over graph's, `between` the interval of `repaid_after`."""
    mode, baseline = (SHORT_NAMES[name] for name in who.split("/"))
    return PairEstimate(mode, baseline, ratio, low, high, verdict, repaid_after, between[0], between[1], saving_s)


def session_events(
    latencies_s: Mapping[str, float],
    *pairs: PairEstimate,
    case: Case = MATMUL,
    failed: Mapping[str, tuple[str, str]] | None = None,
    wrong: Mapping[str, str] | None = None,
    reference: str = "eager",
    one_off_s: Mapping[str, float] = ONE_OFF_S,
    disturbed: int | None = None,
    finish: CaseFinished | None = None,
    caches: tuple[str, ...] = (),
    beside: Sequence[Event] = (),
    **rules: Any,
) -> list[Event]:
    """A session of one case: the modes in `latencies_s` were measured, those in `failed` were not.

    `beside` are events that follow the figures.
    """
    events: list[Event] = [
        SessionStarted(session_id="20270115T080000Z-00c0ffee", version="0.1.0", far="python3"),
        Hello(
            protocol=PROTOCOL,
            host="box",
            platform="Linux",
            python="3.12.1",
            tensorflow="2.21.0",
            numpy="2.1.0",
            caches=caches,
        ),
        Devices(devices=(Device("CPU:0", "A Processor"),)),
        PlanStarted(plan=Plan((case,), **rules), case_ids=("1",)),
        CaseStarted(case_id="1", at=STARTED_AT),
    ]
    for mode, latency_s in latencies_s.items():
        first_call_s = latency_s + one_off_s.get(mode, 0.0)
        events.append(PhaseFinished(case_id="1", mode=mode, phase="first_call", duration_s=first_call_s))
        events.append(
            Verified(case_id="1", mode=mode, reference=reference, max_rel_error=1e-7, wrong=(wrong or {}).get(mode, ""))
        )
    for mode, (status, error) in (failed or {}).items():
        events.append(ModeFailed(case_id="1", mode=mode, status=status, error=error))
    if latencies_s:
        events.append(Round(case_id="1", index=0, visits=visits(latencies_s)))
        events.append(
            Estimate(
                case_id="1",
                rounds=40,
                modes=tuple(
                    estimated(mode, latency_s, one_off_s.get(mode, 0.0)) for mode, latency_s in latencies_s.items()
                ),
                pairs=pairs,
                spent_s=3.0,
                left_s=0.0,
                disturbed_rounds=disturbed,
            )
        )
    return [*events, *beside, finish or CaseFinished(case_id="1", ran_on="CPU:0"), PlanFinished()]


def process_events(
    latencies_s: Mapping[str, float], *pairs: PairEstimate, process: int, processes: int = 3, disturbed: int = 0
) -> list[Event]:
    """What one of several processes wrote of a case until it had figures: four rounds, one of them warm-up."""
    started = CaseStarted(case_id="1", process=process, processes=processes, at=STARTED_AT + process)
    modes = tuple(replace(estimated(mode, latency_s), discarded_rounds=1) for mode, latency_s in latencies_s.items())
    estimate = Estimate(
        case_id="1", rounds=4, modes=modes, pairs=pairs, spent_s=3.0, left_s=7.0, disturbed_rounds=disturbed
    )
    rounds = (Round(case_id="1", index=index, visits=visits(latencies_s)) for index in range(4))
    return [started, PhaseStarted(case_id="1", mode="", phase="rounds"), *rounds, estimate]


def together(by_mode: Mapping[str, Sequence[float]], *pairs: PairEstimate, differ: Sequence[str] = ()) -> Combined:
    """The figures of several processes, by mode the median in each."""
    return Combined(
        case_id="1",
        processes=max(map(len, by_mode.values())),
        modes=tuple(estimated(mode, geometric_mean(latencies_s)) for mode, latencies_s in by_mode.items()),
        pairs=pairs,
        spreads=tuple(ProcessSpread(mode, tuple(latencies_s), mode in differ) for mode, latencies_s in by_mode.items()),
    )


def planned(case: Case = MATMUL, **rules: Any) -> list[Event]:
    """A session up to its plan, which asks for three processes."""
    effort = EFFORTS["thorough"]
    return session_events({}, case=case, **{"effort": effort, **rules})[:4]


def visits(latencies_s: Mapping[str, float]) -> tuple[Visit, ...]:
    """A round in which every mode took its median."""
    return tuple(Visit(mode, latency_s, 1) for mode, latency_s in latencies_s.items())


def rounds(latencies_s: Mapping[str, float], number: int, discarded: int = 0) -> list[Event]:
    """Rounds after the first, in each of which every mode took its median; figures from all but `discarded`."""
    modes = tuple(
        replace(estimated(mode, latency_s), cold_s=3 * latency_s, discarded_rounds=discarded, cpu_s=2 * latency_s)
        for mode, latency_s in latencies_s.items()
    )
    return [
        *(Round(case_id="1", index=index, visits=visits(latencies_s)) for index in range(1, number)),
        Estimate(case_id="1", rounds=number, modes=modes, pairs=(), spent_s=3.0, left_s=0.0, disturbed_rounds=0),
    ]


def estimated(mode: str, latency_s: float, one_off_s: float = 0.0) -> ModeEstimate:
    """A median with an interval of one per cent to either side."""
    ends = 0.99 * latency_s, 1.01 * latency_s
    return ModeEstimate(mode, latency_s, *ends, 1.1 * latency_s, 1.2 * latency_s, 1, one_off_s)


def numbered(event: Any, case_id: str) -> Any:
    """The event, as one of another case."""
    if isinstance(event, PlanStarted):
        return replace(event, case_ids=(case_id,))
    return replace(event, case_id=case_id) if hasattr(event, "case_id") else event


def tuned(*measured: tuple[int, Mapping[str, float]]) -> list[Event]:
    """A session in which the product of two matrices was measured at one m after another, with these medians."""
    events = session_events({})[:3]
    for number, (size, latencies_s) in enumerate(measured, 1):
        case = replace(MATMUL, dims=(("m", size), *MATMUL.dims[1:]))
        events += [numbered(event, str(number)) for event in session_events(latencies_s, case=case)[3:]]
    return events


def first_case(events: Sequence[Event]) -> CaseResult:
    """What a session made of its first case."""
    return Session(events).cases["1"]


THREE_MODES = {"eager": 0.0242, "graph": 0.0246, "xla": 0.0260}
"""The product of two matrices on a small machine, where no mode wins."""

NO_MODE_WINS = session_events(
    THREE_MODES,
    compared("g/e", 1.004, 0.995, 1.012, "same"),
    compared("x/e", 1.07, 1.05, 1.09, "slower"),
    compared("x/g", 1.06, 1.04, 1.08, "slower"),
)

STRINGS = session_events(
    {"eager": 0.01, "graph": 0.01},
    compared("g/e", 1.0, 0.99, 1.01, "same"),
    failed={"xla": ("unsupported", "op AsString")},
)
"""What XLA cannot compile."""


def taken_apart(mode: str, latency_s: float, *, cores_used: float = 1.9, bound: str = "") -> Breakdown:
    """Where the time of a call goes that is nearly all the device's."""
    return Breakdown(
        case_id="1",
        mode=mode,
        throughput_s=0.95 * latency_s,
        enqueue_s=0.1 * latency_s,
        synced_s=latency_s,
        cores_used=cores_used,
        dispatch_s=None if mode == "eager" else 0.0001,
        bound=bound,
    )


def explained(latencies_s: Mapping[str, float] = THREE_MODES) -> list[Event]:
    """What follows the rounds of a real session, and what was seen of the machine meanwhile."""
    return [
        *(taken_apart(mode, latency_s) for mode, latency_s in latencies_s.items()),
        PeakMemory(case_id="1", mode="eager", peak_bytes=310 << 20, source="rss"),
        MachineState(case_id="1", rounds=40, others_cores=0.1, cpu_mhz=2900.0),
        Disturbed(case_id="1", first=10, last=12, reason="other processes used 0.6 cores"),
        Disturbed(case_id="1", first=30, last=38, reason="other processes used 1.4 cores"),
    ]


UNUSED = "3 of 12 operations are not computed, since nothing uses their results"


def suspicious(mode: str, reason: str = UNUSED) -> Event:
    """A mode whose figure may not mean what it seems to."""
    return Suspicious(case_id="1", mode=mode, reason=reason)


def sweep_events(*sizes: int) -> list[Event]:
    """A sweep of a chain, measured from its first size to the last one given; XLA is quicker from 100 on."""
    modes = ("graph", "xla")
    cases = tuple(Case("elementwise_chain", (("size", size), ("length", 60)), modes=modes) for size in (10, 100, 1000))
    plan = Plan(cases, sweep=("size=10,100,1000",))
    events = [*session_events({})[:3], PlanStarted(plan=plan, case_ids=("1", "2", "3"))]
    for number, size in enumerate(sizes, 1):
        pair = compared("x/g", 0.5, 0.4, 0.6, "faster", 9) if size >= 100 else compared("x/g", 2, 1.9, 2.1, "slower")
        one = session_events({"graph": 0.01, "xla": 0.01}, pair, case=cases[0])
        of_case = [event for event in one if getattr(event, "case_id", None) == "1"]
        events += [replace(event, case_id=str(number)) for event in of_case]  # type: ignore[call-arg]
    return events


def settled_events(
    by_mode: Mapping[str, Sequence[float]],
    *pairs: PairEstimate,
    case: Case = MATMUL,
    host: str = "box",
    hardware: str = "A Processor",
    tensorflow: str = "2.21.0",
    machine: str = "",
    cores: int | None = None,
    beside: Sequence[Event] = (),
    **rules: Any,
) -> list[Event]:
    """A session of one case that was measured in several processes, by mode the median in each."""
    session, hello, _, plan = planned(case, **rules)
    latencies_s = {mode: each[-1] for mode, each in by_mode.items()}
    return [
        replace(session, machine=machine),  # type: ignore[call-arg]
        replace(hello, host=host, tensorflow=tensorflow, cores=cores),  # type: ignore[call-arg]
        Devices(devices=(Device("CPU:0", hardware),)),
        plan,
        *process_events(latencies_s, process=1),
        together(by_mode, *pairs),
        *beside,
        CaseFinished(case_id="1", ran_on="CPU:0"),
        PlanFinished(),
    ]


def many_cases(number: int) -> list[Event]:
    """A session of so many cases of a chain, each of another size, all alike otherwise."""
    cases = tuple(Case("elementwise_chain", (("size", size),)) for size in range(1, number + 1))
    one = [event for event in session_events(THREE_MODES) if getattr(event, "case_id", None) == "1"]
    ids = tuple(map(str, range(1, number + 1)))
    events: list[Event] = [*session_events({})[:3], PlanStarted(plan=Plan(cases), case_ids=ids)]
    events += [replace(event, case_id=case_id) for case_id in ids for event in one]  # type: ignore[call-arg]
    return [*events, PlanFinished()]
