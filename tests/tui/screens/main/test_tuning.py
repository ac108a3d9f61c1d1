"""Live tuning: dimensions changed by keys, measured again by themselves, undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.events import Key
from textual.screen import Screen as TextualScreen

from bench.plan import EFFORTS, Case
from tests.slow import slowly
from tests.tui.stage import LOADED, REFINED, Screen, Stage, opened
from tui.widgets.setup.fields import Choice, DimInput, ModeBox
from tui.widgets.setup.setup_panel import SetupPanel

pytestmark = pytest.mark.usefixtures("home")


def sizes(screen: Screen) -> list[str]:
    return sizes_on(screen.app.screen)


def sizes_on(screen: TextualScreen[object]) -> list[str]:
    return [field.value for field in screen.query(DimInput)]


def at_once(screen: Screen, *keys: tuple[str, str | None]) -> None:
    """Keys as they come over a slow line: together."""
    for key, character in keys:
        screen.app.post_message(Key(key, character))


HALVE, DOUBLE = ("left_square_bracket", "["), ("right_square_bracket", "]")
SOFTMAX = Case("softmax", (("rows", 64), ("columns", 64)))
PLUS, MINUS, UNDO = ("plus", "+"), ("minus", "-"), ("u", "u")


# --- steps --------------------------------------------------------------------------------------------------------


async def test_plus_and_minus_step_the_dimension_that_last_had_the_cursor_and_unfold_the_setup() -> None:
    async with opened(Stage(*LOADED), size=(60, 20)) as screen:
        await screen.press("plus")
        await screen.until(lambda: sizes(screen) == ["1152", "1024", "1024"])
        await screen.press("down", "down", "minus", "minus")
        await screen.until(lambda: sizes(screen) == ["1152", "896", "1024"])
        await screen.press("down", "down", "equals_sign")  # on the dtype
        await screen.until(lambda: sizes(screen) == ["1152", "896", "1152"])
        await screen.press("shift+tab", "m")
        await screen.until(lambda: screen.app.screen.has_class("-folded"))
        await screen.press("plus", "minus", "7")
        await screen.shows(" n       7 ", "effort")


async def test_steps_that_come_all_at_once_with_digits_count_in_their_order() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        screen.app.screen.query(DimInput).first().focus()
        at_once(screen, ("6", "6"), ("4", "4"), PLUS, DOUBLE, ("down", None), MINUS, ("r", "r"))
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].dims == (("m", 144), ("k", 960), ("n", 1024))


async def test_the_first_digit_after_a_change_or_a_run_begins_another_number() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("down", "5", "1", "2")
        for change, number in (("right_square_bracket", "64"), ("plus", "32"), ("r", "1")):
            await screen.press(change, *number)
            await screen.until(lambda: sizes(screen)[0] == number)  # noqa: B023
        await screen.press("minus")
        await screen.shows("m is at its least size, 1")
        assert sizes(screen)[0] == "1"


# --- auto-run -----------------------------------------------------------------------------------------------------


async def test_keys_in_quick_succession_are_measured_once_and_nothing_again_by_itself() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("a")
        at_once(screen, DOUBLE, DOUBLE, DOUBLE)
        await screen.until(lambda: stage.plans)
        at_once(screen, HALVE, ("t", "t"))
        await screen.until(lambda: len(stage.plans) == 2)
        screen.app.screen.query_one(SetupPanel).post_message(SetupPanel.Settled())
        await screen.pilot.pause()
        assert len(stage.plans) == 2
        await screen.press("left_square_bracket")
        await screen.until(lambda: len(stage.plans) == 3)
        asked = [(plan.cases[0].dims[0][1], plan.effort) for plan in stage.plans]
        assert asked == [(8192, REFINED), (4096, EFFORTS["thorough"]), (2048, REFINED)]


@pytest.mark.slow
async def test_what_cannot_be_measured_is_said_and_nothing_runs() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("a", "down", *"99999")
        await screen.shows("m=99999 is above its greatest")
        await screen.press("backspace")
        await screen.until(lambda: stage.plans)
        assert [plan.cases[0].dims[0] for plan in stage.plans] == [("m", 9999)]


async def test_what_was_changed_before_auto_run_is_measured_as_it_is_switched_on() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("r")
        await screen.until(lambda: len(stage.plans) == 1)
        await screen.press("right_square_bracket", "a")
        await screen.until(lambda: len(stage.plans) == 2)
        assert stage.plans[1].cases[0].dims[0] == ("m", 2048)
        await screen.press("a", "a")
        await screen.shows("Auto-run is off", "Auto-run is on")
        assert len(stage.plans) == 2


@pytest.mark.parametrize("opens", [("question_mark", "?"), *slowly((("b", "b"),), (("colon", ":"),))])
async def test_what_settles_beneath_another_screen_is_measured_once_that_is_left(opens: tuple[str, str]) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        main = screen.app.screen
        await screen.press("a")
        at_once(screen, DOUBLE, opens)
        await screen.until(lambda: screen.app.screen is not main and sizes_on(main)[0] == "2048")
        main.query_one(SetupPanel).post_message(SetupPanel.Settled())
        await screen.pilot.pause()
        assert not stage.plans
        await screen.press("escape")
        await screen.until(lambda: stage.plans)
        assert [plan.cases[0].dims[0] for plan in stage.plans] == [("m", 2048)]


# --- undo ---------------------------------------------------------------------------------------------------------


async def test_undo_goes_back_step_by_step_and_redo_forth_and_the_cursor_stays() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.press("down", "5", "1", "2", "left_square_bracket", "plus")
        for size in ("288", "256", "512", "1024"):
            await screen.until(lambda: sizes(screen)[0] == size)  # noqa: B023
            await screen.press("u")
        await screen.shows("There is nothing to undo.")
        assert isinstance(field := screen.app.focused, DimInput)
        assert field.dim.name == "m"
        for size in ("512", "256", "288"):
            await screen.press("U")
            await screen.until(lambda: sizes(screen)[0] == size)  # noqa: B023
        await screen.press("U")
        await screen.shows("There is nothing to redo.")
        assert sizes(screen)[0] == "288"


@pytest.mark.slow
async def test_undo_brings_back_the_operation_with_its_sizes_and_the_cursor_stays_on_a_dimension() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.press("down", "right_square_bracket")
        await screen.until(lambda: sizes(screen) == ["2048", "1024", "1024"])
        await screen.app.screen.query_one(SetupPanel).take(SOFTMAX)
        screen.app.screen.query(DimInput).last().focus()
        await screen.press("u")
        await screen.until(lambda: sizes(screen) == ["2048", "1024", "1024"])
        await screen.until(lambda: isinstance(screen.app.focused, DimInput))


async def test_whatever_is_chosen_can_be_undone_one_by_one() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.shows("CPU:0 A Processor")
        for choice, value in (("dtype", "bfloat16"), ("device", "GPU:0"), ("effort", "thorough")):
            screen.app.screen.query_one(f"#{choice}", Choice).value = value
            await screen.pilot.pause()
        screen.app.screen.query(ModeBox).first().value = False
        for _ in range(5):
            await screen.press("r", "u")
        await screen.until(lambda: len(stage.plans) == 5)
        await screen.shows("There is nothing to undo.")
    asked = [(plan.effort, plan.cases[0]) for plan in stage.plans]
    first = Case("matmul", (("m", 1024), ("k", 1024), ("n", 1024)))
    bfloat16 = replace(first, dtype="bfloat16")
    on_gpu = replace(bfloat16, device="GPU:0")
    assert asked == [
        (EFFORTS["thorough"], replace(on_gpu, modes=("graph", "xla"))),
        (EFFORTS["thorough"], on_gpu),
        (REFINED, on_gpu),
        (REFINED, bfloat16),
        (REFINED, first),
    ]


async def test_an_undo_and_a_run_that_come_together_measure_what_was_before() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.app.screen.query_one(SetupPanel).take(SOFTMAX)
        at_once(screen, ("down", None), ("7", "7"), UNDO, UNDO, ("r", "r"))
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases == (Case("matmul", (("m", 1024), ("k", 1024), ("n", 1024))),)


@pytest.mark.slow
async def test_with_auto_run_what_was_before_is_measured_again() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("a", "right_square_bracket")
        await screen.until(lambda: len(stage.plans) == 1)
        await screen.press("u")
        await screen.until(lambda: len(stage.plans) == 2)
        assert [plan.cases[0].dims[0] for plan in stage.plans] == [("m", 2048), ("m", 1024)]


async def test_code_that_was_opened_gives_way_to_what_was_set_up_before() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        screen.app.trust.name("steps.py::scale")  # the dialog does both
        await screen.app.screen.query_one(SetupPanel).open("steps.py::scale", "float32[rows=4, 8]")
        await screen.until(lambda: sizes(screen) == [])
        await screen.press("plus")
        await screen.shows("steps.py::scale has no dimensions")
        await screen.press("u")
        await screen.until(lambda: sizes(screen) == ["1024", "1024", "1024"])
        await screen.press("U", "r")
        await screen.until(lambda: stage.plans)
        (case,) = stage.plans[0].cases
        assert (case.workload, case.inputs) == ("steps.py::scale", "float32[rows=4, 8]")
