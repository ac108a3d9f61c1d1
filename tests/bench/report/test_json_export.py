"""The JSON: cases with their modes and comparisons."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import pytest

from bench.events import ArgumentChange, ModeFailed, Retraced
from bench.plan import Case
from bench.report.json_export import json_text
from bench.session.persistent import evolve
from bench.session.session import Session
from tests.examples import MATMUL, NO_MODE_WINS, THREE_MODES, UNUSED, explained, many_cases, session_events, suspicious


def test_json_holds_cases_with_their_modes_and_comparisons() -> None:
    (case,) = json.loads(json_text(Session(NO_MODE_WINS)))
    assert case["dims"] == {"m": 1024, "k": 1024, "n": 1024}
    assert [mode["mode"] for mode in case["modes"]] == ["eager", "graph", "xla"]
    assert case["modes"][0]["rounds"] == [0.0242]
    assert (
        case["pairs"][1].items()
        >= {
            "mode": "xla",
            "baseline": "eager",
            "ratio": 1.07,
            "low": 1.05,
            "high": 1.09,
            "verdict": "slower",
            "break_even_calls": None,
        }.items()
    )
    assert case["rules"]["effect"] == 0.02


class Untouchable(tuple[Case, ...]):
    """The cases of a plan that nobody goes through."""

    def __iter__(self) -> NoReturn:
        raise AssertionError("the plan's cases were gone through")


def test_json_of_a_case_goes_through_none_of_the_others_of_its_plan() -> None:
    session = Session(NO_MODE_WINS)
    plan = evolve(session.cases["1"].plan, cases=Untouchable([MATMUL]))
    session.cases["1"] = evolve(session.cases["1"], plan=plan)
    assert json.loads(json_text(session))[0]["rules"]["effect"] == 0.02


def test_json_holds_where_the_time_goes() -> None:
    events = session_events(THREE_MODES, beside=[*explained(), suspicious("xla")])
    (case,) = json.loads(json_text(Session(events)))
    assert [mode["breakdown"]["cores_used"] for mode in case["modes"]] == [1.9, 1.9, 1.9]
    assert [mode["suspicions"] for mode in case["modes"]] == [[], [], [UNUSED]]
    assert [disturbance["first"] for disturbance in case["disturbances"]] == [10, 30]


@pytest.mark.parametrize(
    "recorded",
    [
        {"changes": (ArgumentChange("x", "shape"), ArgumentChange("y", "shape"))},
        {"cause": "arguments x and y changed shape"},
    ],
    ids=["as fields", "as a sentence"],
)
def test_json_has_the_cause_of_retraces_in_words_however_it_was_recorded(recorded: dict[str, Any]) -> None:
    again = Retraced(
        case_id="1",
        mode="xla",
        phase="argument_sets",
        calls=3,
        traces=2,
        compilations=1,
        compile_s=0.5,
        **recorded,
    )
    (case,) = json.loads(json_text(Session(session_events(THREE_MODES, beside=[again]))))
    assert case["modes"][2]["retraces"] == {
        "calls": 3,
        "traces": 2,
        "compilations": 1,
        "compile_s": 0.5,
        "cause": "arguments x and y changed shape",
        "functions": [],
    }


@pytest.mark.parametrize("cases", [0, 1, 3])
def test_json_is_laid_out_as_one_list(cases: int) -> None:
    text = json_text(Session(many_cases(cases) if cases else ()))
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_json_has_null_for_what_is_not_finite() -> None:
    text = json_text(Session(session_events({"eager": float("inf")}, case=Case("matmul", modes=("eager",)))))
    assert json.loads(text, parse_constant=pytest.fail)[0]["modes"][0]["rounds"] == [None]


def test_json_has_all_that_was_said_of_a_failure() -> None:
    said = "ValueError: no\nand why"
    failed = ModeFailed(case_id="1", mode="xla", status="failed", error="ValueError: no", message=said)
    (case,) = json.loads(json_text(Session(session_events({"eager": 0.01}, beside=[failed]))))
    assert (case["message"], [mode["message"] for mode in case["modes"]]) == ("", ["", "", said])
