"""A session of the real engine on the device, kept scrubbed, and what it shows of the findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.engine.engine import Engine
from bench.engine.launch import FarSide
from bench.events import CaseFinished, Event, FarLost, PlanFinished, to_line
from bench.plan import Case, Effort, Plan
from bench.runtime import Runtime
from bench.session.results import CaseResult
from bench.session.session import Session
from tests.gpu.evidence import Evidence
from tests.gpu.judging import by_thresholds
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step
from tests.gpu.probes.presence import driver_version
from tests.gpu.scrubbing import scrub_line
from tests.record import scrub as scrub_event

SESSION = "session.jsonl"
GIB = 1 << 30
FINE = ("ok", "unsupported")
ENOUGH_MODES = 0.9


def cases(device: str) -> tuple[Case, ...]:
    """Return what is measured: on a GPU, what the findings are about; elsewhere, two that are cheap."""
    if not device.startswith("GPU"):
        return Case("tiny_ops", device=device), Case("matmul", (("m", 64), ("k", 64), ("n", 64)), device=device)
    return (
        Case("tiny_ops", device=device),
        Case("matmul", device=device),
        Case("elementwise_chain", device=device),
        Case("conv2d", device=device, runtime=Runtime(tf32=True)),
        Case("conv2d", device=device, runtime=Runtime(tf32=False)),
        Case("train_step", device=device),
        Case("string_ops", device=device),
        Case("boolean_mask", device=device),
        Case("qr", device=device),
        Case("mobilenet_v2", device=device, modes=("graph", "xla", "predict")),
    )


def measure(setting: Setting) -> Figures:
    """Measure the cases, write each event, scrubbed, as it comes, and after each case sum up those that have ended."""
    driver = driver_version()
    path = setting.out / SESSION
    path.parent.mkdir(parents=True, exist_ok=True)
    events: list[Event] = []
    tells_driver = False
    with path.open("w", encoding="utf-8") as file:
        for event in _events(setting.device):
            events.append(event)
            kept = scrub_event(event)
            if kept is not None:
                line = scrub_line(to_line(kept))
                file.write(line + "\n")
                file.flush()
                tells_driver = tells_driver or (driver is not None and driver in line)
            if isinstance(event, CaseFinished | FarLost):
                results = [result for result in Session(events).cases.values() if result.state in ("done", "cancelled")]
                yield "cases", {_name(result.case): _summary(result) for result in results}
                yield "far_sides_lost", sum(isinstance(each, FarLost) for each in events)
    yield "complete", True
    if driver is not None:
        yield "tells_driver", tells_driver


def _events(device: str) -> Iterator[Event]:
    effort = Effort(budget_s=1.0 if device.startswith("GPU") else 0.2)
    engine = Engine(FarSide.from_options(), session_id=f"recorded-{device.partition(':')[0].lower()}", version="0.1.0")
    engine.submit(Plan(cases=cases(device), effort=effort))
    for event in engine.events():
        yield event
        if isinstance(event, PlanFinished):
            engine.close()


def _name(case: Case) -> str:
    return f"{case.workload} {case.runtime}".strip()


def _summary(result: CaseResult) -> dict[str, Any]:
    """Return what became of a case: its error, where it ran, and each mode's status and figures."""
    modes = {
        mode.mode: {
            "status": mode.status,
            "error": mode.error[:200],
            "latency_s": mode.estimate.latency_s if mode.estimate else None,
            "has_p90": mode.estimate.p90_s is not None if mode.estimate else None,
            "calls_per_block": mode.estimate.calls_per_block if mode.estimate else None,
            "first_call_s": mode.first_call_s,
            "max_rel_error": mode.max_rel_error,
            "bound": mode.breakdown.bound if mode.breakdown else None,
        }
        for mode in result.modes
    }
    return {"error": result.error or "none", "ran_on": result.ran_on, "modes": modes}


def _status(figures: Evidence, case: str, mode: str) -> tuple[str, str]:
    status = figures.value("session", "cases", case, "modes", mode, "status")
    error = figures.mapping("session", "cases", case, "modes", mode).get("error")
    return status, f"{case} {mode}: {status}{f' ({error})' if error else ''}"


def predict_fails(figures: Evidence) -> Answer:
    """Decide by the mode predict of a Keras model."""
    status, words = _status(figures, "mobilenet_v2", "predict")
    verdict = {"ok": REFUTED, "failed": CONFIRMED, "unsupported": CONFIRMED}.get(status, CANNOT_TELL)
    return Answer(verdict, words)


def string_ops_fail(figures: Evidence) -> Answer:
    """Decide by eager string ops."""
    status, words = _status(figures, "string_ops", "eager")
    verdict = {"ok": REFUTED, "unsupported": REFUTED, "failed": CONFIRMED}.get(status, CANNOT_TELL)
    return Answer(verdict, words)


def short_calls_have_no_percentiles(figures: Evidence) -> Answer:
    """Decide by whether tiny_ops has a 90th percentile in every mode that was measured."""
    modes = figures.mapping("session", "cases", "tiny_ops", "modes")
    told = {name: mode.get("has_p90") for name, mode in modes.items() if mode.get("has_p90") is not None}
    if not told:
        return Answer(CANNOT_TELL, "tiny_ops was not measured")
    blank = [name for name, there in told.items() if not there]
    return Answer(CONFIRMED if blank else REFUTED, f"tiny_ops: no 90th percentile in {', '.join(blank) or 'no mode'}")


def off_is_measured_with_it_on(figures: Evidence) -> Answer:
    """Decide by the errors of the two convolutions, the first of which ran with TF32."""
    path = ("modes", "graph", "max_rel_error")
    on = figures.number("session", "cases", "conv2d tf32=on", *path)
    off = figures.number("session", "cases", "conv2d tf32=off", *path)
    words = f"errors of conv2d: on {on:.1e}, off after it {off:.1e}"
    if on < 1e-5:
        return Answer(CANNOT_TELL, f"{words}: TF32 makes no difference here")
    return by_thresholds(off / on, refuted_up_to=0.2, confirmed_from=0.5, words=words)


def driver_is_not_recorded(figures: Evidence) -> Answer:
    """Decide by whether the driver's version stands anywhere in the session."""
    told = figures.flag("session", "tells_driver")
    return Answer(
        REFUTED if told else CONFIRMED, f"the driver's version {'stands' if told else 'is not'} in the session"
    )


def catalogue_runs(figures: Evidence) -> Answer:
    """Decide by the modes that came out right or do not exist, and by whether a far side was lost."""
    figures.flag("session", "complete")
    told = {
        f"{case} {mode}": each["status"]
        for case, result in figures.mapping("session", "cases").items()
        for mode, each in result["modes"].items()
    }
    lost = figures.number("session", "far_sides_lost")
    bad = [f"{name} {status or 'not measured'}" for name, status in told.items() if status not in FINE]
    words = f"{len(told) - len(bad)} of {len(told)} modes measured or unsupported, {lost:.0f} far sides lost"
    lacking = ", ".join(bad)
    share = 1 - len(bad) / len(told)
    verdict = CONFIRMED if not bad and not lost else CANNOT_TELL if share >= ENOUGH_MODES and not lost else REFUTED
    return Answer(verdict, f"{words}{f': {lacking}' if bad else ''}")


PROBE = Probe(
    name="session",
    tried=f"Measured ten cases in eager, graph and XLA with the product's engine, and recorded that as {SESSION}.",
    steps=(Step("session", measure, 420),),
    rules=(
        Rule(
            0,
            "The engine measures every mode of the recorded cases",
            "Confirmed if each is ok or unsupported and no far side was lost; refuted if one was, or under 90 % are.",
            catalogue_runs,
        ),
        Rule(
            2,
            "The product's mode predict fails",
            "Confirmed if it fails for mobilenet_v2 or is called unsupported; refuted if it is measured.",
            predict_fails,
        ),
        Rule(
            3,
            "The product has no 90th percentile for short calls",
            "Confirmed if one is missing in any measured mode of tiny_ops; refuted if none is.",
            short_calls_have_no_percentiles,
        ),
        Rule(
            6,
            "The product measures a convolution with TF32 on though it is to be off",
            "The error of off, measured after on, over that of on: 0.5 and more confirms, 0.2 and less refutes.",
            off_is_measured_with_it_on,
        ),
        Rule(
            14,
            "The product calls eager string ops failed",
            "Confirmed if string_ops fails in eager; refuted if it is measured or called unsupported.",
            string_ops_fail,
        ),
        Rule(
            15,
            "The session does not tell the driver's version",
            "Confirmed if it stands nowhere in the recorded session; refuted if it does.",
            driver_is_not_recorded,
        ),
    ),
    kinds=("GPU", "CPU"),
)
