"""A sweep on the screen: asked for, watched, paused, and concluded; and how TensorFlow runs."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from bench.events import CaseStarted, PlanFinished, PlanPaused, PlanStarted
from bench.plan import Case, Plan
from bench.runtime import Runtime
from tests.examples import sweep_events
from tests.tui.stage import LOADED, Stage, opened
from tui.screens.dialogs.line_dialogs import RuntimeScreen, SweepScreen
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home")


NO_AXES = {
    "m=": "give a name and values, such as",
    "m=4..2": "m=4..2: 4 is above 2",
    "m=99999": "m=99999 is above its greatest size, 16384",
    "q=1,2": "matmul has no dimension 'q': it has m, k, n",
    "": "give a name and values, such as",
}
"""What may be typed, and what is said of it."""


async def test_one_key_and_a_range_measure_a_sweep_and_what_is_no_axis_is_said_and_not_lost() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("s")
        await screen.shows("m=64..2048", "6 cases, at most 18 s of rounds")
        field = screen.app.screen.query_one("#line", Input)
        for axes, words in NO_AXES.items():
            field.value = axes
            await screen.shows(words)
            await screen.press("enter")
            assert isinstance(screen.app.screen, SweepScreen)
            assert field.value == axes
        await screen.press("escape")
        await screen.until(lambda: not isinstance(screen.app.screen, SweepScreen))
        assert stage.plans == []
        await screen.press("s")
        await screen.shows("m=64..2048")
        screen.app.screen.query_one("#line", Input).value = "m=k=n=16..64 dtype=float32,bfloat16"
        await screen.shows("6 cases, at most 18 s of rounds")
        await screen.press("enter")
        await screen.until(lambda: stage.plans)
        (plan,) = stage.plans
        assert plan.sweep == ("m=k=n=16..64", "dtype=float32,bfloat16")
        assert [case.dims_text for case in plan.cases][:3:2] == ["m=16 k=16 n=16", "m=32 k=32 n=32"]


async def test_a_sweep_says_where_it_stands_and_what_it_has_shown_and_is_paused_and_skipped_through() -> None:
    stage = Stage(*sweep_events(10, 100), CaseStarted(case_id="3"))
    async with opened(stage) as screen:
        await screen.shows("3 of 3", "So far: Use", "XLA at size=100")
        await screen.press("p")
        await screen.until(lambda: stage.pauses == [True])
        stage.play(PlanPaused(paused=True))
        await screen.shows("3 of 3, paused")
        await screen.press("p", "n")
        await screen.until(lambda: stage.pauses == [True, False] and stage.skipped == 1)
        stage.play(PlanPaused(paused=False))
        stage.play(*[event for event in sweep_events(10, 100, 1000) if getattr(event, "case_id", "") == "3"])
        stage.play(PlanFinished())
        await screen.until(lambda: "So far" not in screen.text)
        await screen.shows("XLA from size=100", "At size=1000 length=60:")


@pytest.mark.slow
@pytest.mark.parametrize(("size", "is_drawn"), [((80, 24), False), ((120, 40), True), ((200, 60), True)])
async def test_latency_is_drawn_against_size_where_there_is_room(size: tuple[int, int], is_drawn: bool) -> None:
    async with opened(Stage(*sweep_events(10, 100, 1000), PlanFinished()), size=size) as screen:
        await screen.shows("XLA from size=100")
        if is_drawn:
            await screen.shows("latency by size: g graph, x xla")
        assert ("latency by size" in screen.text) is is_drawn


@pytest.mark.slow
async def test_thousands_of_cases_are_rows_and_only_what_changes_is_drawn_again() -> None:
    cases = tuple(Case("elementwise_chain", (("size", size), ("length", 60))) for size in range(1, 2001))
    ids = tuple(map(str, range(1, 2001)))
    stage = Stage(*LOADED, PlanStarted(plan=Plan(cases, sweep=("size=1..2000:+1",)), case_ids=ids))
    async with opened(stage, size=(120, 40)) as screen:
        await screen.until(lambda: screen.app.screen.query_one(ResultsTable).row_count == 2000)
        stage.play(CaseStarted(case_id="7"))
        await screen.shows("1 of 2000")


# --- how TensorFlow runs, and where -----------------------------------------------------------------------------------


async def test_settings_are_typed_shown_in_the_setup_and_measured_with() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("comma")
        await screen.until(lambda: isinstance(screen.app.screen, RuntimeScreen))
        screen.app.screen.query_one("#line", Input).value = "onednn=maybe"
        await screen.shows("give onednn=on or onednn=off")
        screen.app.screen.query_one("#line", Input).value = "onednn=off intra_op_threads=1"
        await screen.press("enter")
        await screen.shows("onednn=off intra_op_threads=1")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
    assert stage.plans[0].cases[0].runtime == Runtime(onednn=False, intra_op_threads=1)


async def test_what_is_set_up_is_measured_on_each_far_side_and_so_is_a_sweep() -> None:
    stage = Stage(*LOADED)
    async with opened(stage, fars=("ann", "bob")) as screen:
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        await screen.press("s")
        await screen.shows("12 cases")
        await screen.press("enter")
        await screen.until(lambda: len(stage.plans) == 2)
    measured, swept = stage.plans
    assert [case.far for case in measured.cases] == ["ann", "bob"]
    assert [(dict(case.dims)["m"], case.far) for case in swept.cases][:3] == [(64, "ann"), (64, "bob"), (128, "ann")]
