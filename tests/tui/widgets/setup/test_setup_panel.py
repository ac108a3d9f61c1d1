"""The setup: typed, ticked, chosen and folded, as a user does."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Label

from bench.events import (
    Device,
    Devices,
)
from tests.examples import (
    NO_MODE_WINS,
)
from tests.tui.stage import LOADED, Screen, Stage, dims, opened
from tui.screens.main.main_screen import MainScreen
from tui.widgets.setup.fields import DimInput, ModeBox

pytestmark = pytest.mark.usefixtures("home")


async def test_what_is_typed_ticked_and_chosen_in_the_setup_is_measured() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("down", "5", "1", "2", "r")
        await screen.until(lambda: stage.plans)
        assert dims(screen)["m"] == "512"
        assert stage.plans[0].cases[0].dims[0] == ("m", 512)
        await screen.shows("CPU:0 A Processor")
        screen.app.screen.query_one("#device").focus()
        await screen.press("enter", "down", "enter")
        await screen.shows("GPU:0 An Acc")
        for box in screen.app.screen.query(ModeBox):
            box.focus()
            await screen.press("space")
        await screen.shows("☐eager ☐graph ☐xla", "no mode to measure")
        await screen.press("space", "r")
        await screen.until(lambda: len(stage.plans) == 2)
        (case,) = stage.plans[1].cases
        assert (case.dims[0], case.modes, case.device) == (("m", 512), ("xla",), "GPU:0")


@pytest.mark.slow
async def test_keys_that_come_all_at_once_count_in_their_order() -> None:
    async with opened(Stage(*LOADED)) as screen:
        screen.app.screen.query(DimInput).first().focus()
        await screen.press("end")
        for key in ("7", "backspace", "backspace", "5"):
            screen.app.post_message(Key(key, key if key.isdigit() else None))
        await screen.until(lambda: dims(screen)["m"] == "1025")


@pytest.mark.slow
async def test_each_dimension_is_halved_under_whose_cursor_the_key_was_pressed() -> None:
    halve, down = Key("left_square_bracket", "["), Key("down", None)
    async with opened(Stage(*LOADED)) as screen:
        screen.app.screen.query(DimInput).first().focus()
        for key in (halve, down, halve, halve, down):
            screen.app.post_message(key)
        await screen.until(lambda: dims(screen) == {"m": "512", "k": "256", "n": "1024"})


def names_that_stand_out(screen: Screen) -> list[str]:
    return [
        str(label.content)
        for label in screen.app.screen.query(".name").results(Label)
        if label.styles.text_style.reverse
    ]


def name_beside(field: Widget) -> str:
    assert field.parent is not None
    return str(field.parent.query_one(".name", Label).content)


async def test_the_name_of_the_field_with_the_focus_stands_out_and_its_cursor_does_not_blink() -> None:
    async with opened(Stage(*LOADED)) as screen:
        for key in ("down", "down", "up"):
            await screen.press(key)
            field = screen.app.focused
            assert isinstance(field, Input)
            await screen.until(lambda: names_that_stand_out(screen) == [name_beside(field)])  # noqa: B023
            await screen.until(lambda: not blinks(field))  # noqa: B023


@pytest.mark.slow
async def test_no_cursor_blinks_since_that_takes_bytes_of_the_line() -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        await screen.shows("○ ready", "Do not use XLA")
        for key in ("down", "slash", "o", "comma", "s", "w", "e", "f", "colon"):
            await screen.press(key)
            await screen.until(lambda: isinstance(screen.app.focused, Input))
            await screen.until(lambda: not [each for each in screen.app.screen.query(Input) if blinks(each)])
            await screen.press("escape")
            await screen.until(lambda: isinstance(screen.app.screen, MainScreen))


def blinks(field: Input) -> bool:
    assert field._blink_timer is not None
    return field._blink_timer._active.is_set()


@pytest.mark.slow
async def test_brackets_scale_the_dimension_under_the_cursor_within_its_bounds() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.press("tab", "tab", "right_square_bracket")
        await screen.until(lambda: dims(screen) == {"m": "1024", "k": "2048", "n": "1024"})
        await screen.press("tab", "tab", "left_square_bracket")  # on the dtype: n was the last under the cursor
        await screen.until(lambda: dims(screen) == {"m": "1024", "k": "2048", "n": "512"})
        await screen.press("shift+tab", "shift+tab", *["right_square_bracket"] * 4)
        await screen.shows("k is at its greatest size, 16384")


async def test_an_invalid_dimension_is_refused_where_it_is_typed() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("down", "9", "9", "9", "9", "9")
        await screen.shows("m=99999 is above its greatest", "16384")
        await screen.press("r")
        await screen.shows("Not started")
        assert not stage.plans
        assert dims(screen)["m"] == "99999"
        await screen.press("backspace")
        await screen.until(lambda: "greatest size" not in screen.text.split("Not started")[0])


async def test_a_device_is_named_in_full_where_there_is_room() -> None:
    device = Device("CPU:0", "AMD EPYC 9B14 96-Core Processor")
    devices = [Devices(devices=(device,)) if isinstance(event, Devices) else event for event in NO_MODE_WINS]
    async with opened(Stage(*devices), size=(200, 60)) as screen:
        words = f"{device.name} {device.hardware}"
        await screen.shows("○ ready")
        await screen.until(lambda: screen.text.count(f"{words} ") == 2)  # in the setup, and in the row of results


@pytest.mark.slow
async def test_auto_run_measures_a_changed_setup_by_itself() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("a")
        await screen.shows("setup · auto-run")
        await screen.press("right_square_bracket")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].dims[0] == ("m", 2048)


async def test_a_narrow_screen_folds_the_setup_by_a_key_that_is_offered_and_while_it_measures() -> None:
    stage = Stage(*LOADED)
    async with opened(stage, size=(60, 20)) as screen:
        await screen.until(lambda: "m setup" in screen.text.splitlines()[-1])
        await screen.press("down", "down", "m")
        await screen.until(lambda: screen.app.screen.has_class("-folded"))
        await screen.press("m")
        await screen.until(lambda: isinstance(field := screen.app.focused, DimInput) and field.dim.name == "k")
        stage.play(*NO_MODE_WINS[3:])
        await screen.shows("latency per call")
        await screen.until(lambda: "effort" not in screen.text)
        await screen.press("m")
        await screen.shows("effort")
        await screen.pilot.resize_terminal(80, 24)
        await screen.until(lambda: "m setup" not in screen.text.splitlines()[-1])
