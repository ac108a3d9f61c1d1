"""Say more than the headline of a verdict: suspicions, explanations, processes that differ, absent modes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.analysis.verdict import advise, choose
from bench.events import CaseFinished, ModeFailed, Noted, PairEstimate, ProcessFinished
from bench.plan import Case
from tests.advice import FASTER, HINT, THREE, TWO, advice, two_modes
from tests.examples import (
    NO_MODE_WINS,
    UNUSED,
    compared,
    first_case,
    planned,
    process_events,
    session_events,
    suspicious,
    taken_apart,
    together,
)

# --- what else there is to say ------------------------------------------------------------------------------------


def test_a_suspicious_speedup_is_not_the_headline() -> None:
    case = first_case(
        session_events(
            THREE,
            compared("g/e", 0.5, 0.4, 0.6, "faster", 4),
            compared("x/g", 0.56, 0.53, 0.59, "faster", 51),
            beside=[suspicious("graph"), suspicious("xla"), suspicious("eager", "it is too quick")],
        )
    )
    said = advise(case, hint=HINT)
    assert said.headline == f"The figures of graph and XLA are suspicious: {UNUSED}."
    assert said.remarks[0] == "Eager's figure is suspicious: it is too quick."
    assert said.remarks[1].startswith("With XLA, each call takes 0.56× graph's time")
    assert not choose(case).certain


def test_a_suspicion_of_a_mode_that_is_not_advised_is_a_remark() -> None:
    pairs = compared("g/e", 0.5, 0.4, 0.6, "faster", 4), compared("x/g", 2.0, 1.9, 2.1, "slower")
    case = first_case(session_events(THREE, *pairs, beside=[suspicious("xla")]))
    said = advise(case)
    assert said.headline.startswith("Use graph: ")
    assert said.remarks[0] == f"XLA's figure is suspicious: {UNUSED}."
    assert choose(case).certain


@pytest.mark.parametrize("modes", [("eager",), ("eager", "xla")])
def test_no_suspicion_is_kept_back(modes: tuple[str, ...]) -> None:
    said = advice(dict.fromkeys(modes, 0.01), case=Case("matmul", modes=modes), beside=[suspicious("eager")])
    assert said.remarks == (f"Eager's figure is suspicious: {UNUSED}.",)


def test_a_slower_mode_that_leaves_cores_idle_is_explained() -> None:
    pair = compared("x/e", 2.0, 1.9, 2.1, "slower")
    beside = [taken_apart("eager", 0.01, cores_used=1.92), taken_apart("xla", 0.02, cores_used=1.0)]
    said = advice(TWO, pair, case=two_modes("eager", "xla"), beside=beside)
    assert said.remarks == ("XLA keeps 1.0 cores busy, eager 1.9.",)
    assert advice(TWO, pair, case=replace(two_modes("eager", "xla"), device="GPU:0"), beside=beside).remarks == ()


@pytest.mark.parametrize(
    ("bounds", "remarks"),
    [
        (("host", "host"), ("Both are host-bound: the device waits for Python and TensorFlow.",)),
        (("device", "device"), ("Both are device-bound: what is left is the device's own work.",)),
        (("host", "device"), ()),
        (("", ""), ()),
    ],
)
def test_modes_that_wait_for_the_same_are_the_same(bounds: tuple[str, str], remarks: tuple[str, ...]) -> None:
    pair = compared("x/e", 1.0, 0.99, 1.01, "same")
    beside = [taken_apart(mode, 0.01, bound=bound) for mode, bound in zip(("eager", "xla"), bounds, strict=True)]
    assert advice(TWO, pair, case=two_modes("eager", "xla"), beside=beside).remarks == remarks


# --- several processes ------------------------------------------------------------------------------------------------


APART = {"eager": (1.1e-3, 3.0e-3, 1.2e-3), "xla": (0.4e-3, 0.4e-3, 0.9e-3)}
UNCLEAR = compared("x/e", 0.44, 0.06, 3.1, "unclear")


def of_processes(
    *differ: str, end: CaseFinished, process: int = 3, disturbed: int = 0, pair: PairEstimate = UNCLEAR
) -> str:
    """Return the sentences about three processes of which the last one ended so."""
    case = two_modes("eager", "xla")
    before = [
        event
        for number in range(1, process + 1)
        for event in (
            *process_events({"eager": 1e-3, "xla": 5e-4}, process=number, disturbed=disturbed),
            *([ProcessFinished(case_id="1", process=number)] if number < process else []),
        )
    ]
    return advise(first_case([*planned(case), *before, together(APART, pair, differ=differ), end])).text


FINISHED = CaseFinished(case_id="1")


def test_processes_that_differ_are_told_of() -> None:
    assert of_processes("eager", end=FINISHED) == (
        "Cannot tell yet: XLA may take anything from 0.060× to 3.1× eager's time. "
        "Eager took 1.10-3.00 ms a call in different processes, steady within each: another process may see either."
    )
    assert "Eager took 1.10-3.00 ms and XLA took 400-900 µs a call in" in of_processes("eager", "xla", end=FINISHED)
    assert "process" not in of_processes(end=FINISHED)


def test_processes_that_differ_on_a_disturbed_machine_are_not_said_to_be_steady() -> None:
    said = of_processes("eager", end=FINISHED, disturbed=1)
    assert "Eager took 1.10-3.00 ms a call in different processes; what disturbed the rounds may be why." in said


def test_an_interval_that_two_processes_leave_open_by_powers_of_ten_is_no_figure_to_quote() -> None:
    said = of_processes(end=FINISHED, pair=compared("x/e", 0.44, 4e-7, 4695.0, "unclear"))
    assert said == "Cannot tell yet: there are too few processes to compare XLA with eager."


def test_what_ended_early_says_in_which_process_and_what_is_known() -> None:
    cancelled = of_processes(end=CaseFinished(case_id="1", cancelled=True), process=2)
    assert cancelled.startswith("Stopped after 8 rounds, in process 2 of 3: Cannot tell yet: XLA may take")
    lost = of_processes(end=CaseFinished(case_id="1", error="the far side was lost"), process=2)
    assert lost.startswith("Not finished, in process 2 of 3: the far side was lost. Cannot tell yet: XLA may take")


# --- modes beside the three -----------------------------------------------------------------------------------------


def absent(mode: str, why: str) -> ModeFailed:
    return ModeFailed(case_id="1", mode=mode, status="unsupported", error=why, absent=True)


def test_what_there_is_no_mode_of_is_told_last() -> None:
    case = Case("matmul", modes=("eager", "as-written", "graph", "predict"))
    plain = absent("as-written", "it is plain Python, which eager runs as it is written")
    beside = [plain, absent("predict", "it is no Keras model")]
    said = advice({"eager": 0.01, "graph": 0.01}, compared("g/e", *FASTER), case=case, beside=beside)
    assert said.headline.startswith("Use graph: ")
    assert said.remarks == (
        "There is no version of your own: it is plain Python, which eager runs as it is written.",
        "There is no predict to call: it is no Keras model.",
    )


def test_what_xla_refuses_of_the_users_own_settings_is_not_said_to_be_absent() -> None:
    case = Case("matmul", modes=("eager", "as-written"))
    said = advice({"eager": 0.01}, case=case, failed={"as-written": ("unsupported", "op AsString")})
    assert said.headline == "Your own version cannot run this on CPU:0: op AsString."


def test_what_is_noted_of_a_mode_is_a_remark_and_said_once() -> None:
    notes = [Noted(case_id="1", mode=mode, note="the model is not compiled") for mode in ("graph", "xla", "graph")]
    said = advise(first_case([*NO_MODE_WINS, *notes]))
    assert said.remarks.count("The model is not compiled.") == 1
