"""A reason that several modes share is said once, at the simplest of them."""

from __future__ import annotations

import pytest

from bench.analysis.breakdown import messages_told
from bench.analysis.shared_reasons import by_reason, reason_beside
from bench.events import CaseFinished, ModeFailed
from bench.report.tables import mode_rows
from bench.session.results import ModeResult
from tests.advice import advice
from tests.examples import first_case, session_events

NO = "ValueError: no (steps.py:3)"
NOT_FOUND = "Input 0 with name 'None' of layer 'dense{}' is incompatible with the layer"


def mode(name: str, error: str, status: str = "failed", *, absent: bool = False) -> ModeResult:
    return ModeResult(name, status=status, error=error, absent=absent)


EAGER, GRAPH, XLA = mode("eager", NO), mode("graph", NO), mode("xla", "op Eig", "unsupported")


def test_modes_that_failed_alike_are_one_group_where_the_first_was() -> None:
    assert by_reason([EAGER, XLA, GRAPH]) == [(EAGER, GRAPH), (XLA,)]
    assert [reason_beside(each, [EAGER, GRAPH, XLA]) for each in (EAGER, GRAPH, XLA)] == [NO, "as eager", "op Eig"]


@pytest.mark.parametrize(
    "other",
    [
        mode("graph", NO, "unsupported"),
        mode("graph", "ValueError: no (steps.py:4)"),
        mode("graph", NO, absent=True),
        mode("graph", NO, "wrong"),
        mode("graph", ""),
    ],
    ids=["another status", "another line", "absent", "wrong", "no reason"],
)
def test_others_are_groups_of_their_own(other: ModeResult) -> None:
    assert len(by_reason([EAGER, other])) == 2
    assert len(by_reason([mode("eager", ""), other])) == 2


def test_a_place_that_one_of_them_does_not_know_keeps_nothing_apart() -> None:
    assert len(by_reason([EAGER, mode("graph", "ValueError: no")])) == 1
    assert len(by_reason([mode("eager", "ValueError: no"), GRAPH])) == 1


def test_a_layer_that_each_mode_makes_again_has_other_numbers_and_is_the_same() -> None:
    numbered = [
        mode(name, NOT_FOUND.format(number)) for name, number in (("eager", ""), ("graph", "_1"), ("xla", "_12"))
    ]
    assert len(by_reason(numbered)) == 1
    quoted = [
        mode(name, f'ValueError: Layer "functional_{at}" expects 2 inputs')
        for at, name in enumerate(("eager", "graph"))
    ]
    assert len(by_reason(quoted)) == 1


def test_the_verdict_names_all_of_them_once() -> None:
    failed = {"graph": ("failed", NO), "xla": ("failed", NO)}
    said = advice({"eager": 0.01}, failed=failed).text
    assert said.startswith(f"Graph and XLA failed on CPU:0: {NO}.")
    assert said.count(NO) == 1


def test_where_nothing_was_measured_the_simplest_mode_comes_first() -> None:
    failed = {"eager": ("failed", NO), "graph": ("failed", NO), "xla": ("unsupported", "op Eig")}
    said = advice({}, failed=failed)
    assert said.headline == f"Eager and graph failed on CPU:0: {NO}."
    assert said.remarks == ("XLA cannot compile this on CPU:0: op Eig.",)


def test_several_that_are_not_supported_cannot_run() -> None:
    failed = {"graph": ("unsupported", "op A"), "xla": ("unsupported", "op A")}
    assert advice({"eager": 0.01}, failed=failed).text.startswith("Graph and XLA cannot run this on CPU:0: op A.")


def test_the_table_says_it_in_the_first_row_and_names_that_in_the_others() -> None:
    failed = {"graph": ("failed", NO), "xla": ("failed", NO)}
    rows = mode_rows(first_case(session_events({"eager": 0.01}, failed=failed)))
    assert [row[-1] for row in rows[1:]] == ["", f"failed: {NO}", "failed: as graph"]


def test_all_that_was_said_is_told_once_for_the_modes_that_it_was_said_of() -> None:
    said = "ValueError: no\nand why"
    events = session_events(
        {"eager": 0.01},
        beside=[
            ModeFailed(case_id="1", mode=name, status="failed", error=NO, message=said) for name in ("graph", "xla")
        ],
    )
    told = list(messages_told(first_case(events)))
    assert told == ["All that was said when graph and xla failed:", "  ValueError: no", "  and why"]


def test_all_that_was_said_of_a_case_is_told_too() -> None:
    finish = CaseFinished(case_id="1", error="it needs `Swish2`", message="Could not locate\nclass 'Swish2'")
    told = list(messages_told(first_case(session_events({}, finish=finish))))
    assert told == ["All that was said when it failed:", "  Could not locate", "  class 'Swish2'"]
