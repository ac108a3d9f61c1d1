"""Picking a workload, as a user does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import OptionList

from bench.catalogue import WORKLOADS
from bench.events import Catalogue, WorkloadInfo
from tests.slow import slowly
from tests.tui.stage import LOADED, Screen, Stage, opened
from tui.config import remembered
from tui.screens.dialogs.open import OpenScreen
from tui.screens.dialogs.picker import PickerScreen, Words
from tui.screens.main.main_screen import MainScreen
from tui.widgets.setup.fields import OpField

pytestmark = pytest.mark.usefixtures("home")


@asynccontextmanager
async def picking(
    *keys: str, stage: Stage | None = None, size: tuple[int, int] = (120, 40), read_only: bool = False
) -> AsyncIterator[Screen]:
    async with opened(stage or Stage(*LOADED), size=size, read_only=read_only) as screen:
        await screen.shows("○ ready")
        await screen.press("slash", *keys)
        yield screen


def op(screen: Screen) -> str:
    return screen.app.screen_stack[1].query_one(OpField).render().plain.rstrip(" ▼")


async def test_a_few_letters_and_enter_choose_what_is_offered_first_once_it_was_measured(home: Path) -> None:
    stage = Stage(*LOADED)
    async with picking(*"lst", "enter", "r", stage=stage) as screen:
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].workload == "lstm"
        assert op(screen) == "lstm"
        await screen.press("slash")
        await screen.shows("measured lately")
        lines = screen.text.splitlines()
        assert lines[next(at for at, line in enumerate(lines) if "measured lately" in line) + 1].split()[0] == "lstm"
    assert remembered.load(home / "state")[0].recent == ("lstm",)


@pytest.mark.parametrize("key", ["slash", *slowly("enter", "space")])
async def test_the_field_opens_the_list_at_what_is_chosen(key: str) -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.until(lambda: isinstance(screen.app.focused, OpField))
        await screen.press(key)
        await screen.shows(f"search {len(WORKLOADS)} workloads")
        await screen.press("down", "enter")
        await screen.until(lambda: op(screen) == "batch_matmul")
        await screen.press(key, "enter")
        await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        assert op(screen) == "batch_matmul"


async def test_a_click_opens_the_list_a_click_goes_to_a_workload_and_another_chooses_it() -> None:
    async with opened(Stage(*LOADED), size=(120, 40)) as screen:
        await screen.pilot.click("#op")
        await screen.shows(f"search {len(WORKLOADS)} workloads")
        await screen.pilot.click(OptionList, offset=(5, 4))
        await screen.shows("einsum: tf.einsum(")
        await screen.pilot.click(OptionList, offset=(5, 4))
        await screen.until(lambda: op(screen) == "einsum")


async def test_families_are_headings_that_the_cursor_passes_over() -> None:
    async with picking("down", "down", "down", "down", "down", "enter") as screen:
        await screen.until(lambda: op(screen) == "elementwise_chain")


async def test_what_is_starred_is_offered_first_and_remembered(home: Path) -> None:
    async with picking(*"lstm", "asterisk") as screen:
        await screen.shows("★ lstm")
        await screen.press("enter")
        await screen.until(lambda: op(screen) == "lstm ★")
        assert remembered.load(home / "state")[0].starred == ("lstm",)
        await screen.press("slash")
        await screen.shows("starred", "★ lstm")
        await screen.press("asterisk", "escape")
        await screen.until(lambda: op(screen) == "lstm")
        await screen.press("slash", "asterisk", "escape")
        await screen.until(lambda: op(screen) == "lstm ★")


async def test_the_cursor_stays_in_its_family_when_a_star_is_given_or_taken() -> None:
    async with picking("down", "down", "asterisk") as screen:
        await screen.shows("starred", "★ tall_matmul")
        await screen.press("down", "up", "asterisk")
        await screen.until(lambda: "starred" not in screen.text)
        await screen.press("down", "enter")
        await screen.until(lambda: op(screen) == "einsum")


async def test_installed_workloads_and_opened_code_are_offered_too_and_more_is_opened_from_here(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings().with_opened("mine.py::step", ""))
    layer = WorkloadInfo("package.layers:my_layer", "installed", "", "", (), ("float32",))
    stage = Stage(*LOADED, Catalogue(workloads=(layer,)))
    async with picking("up", "up", "up", "up", stage=stage) as screen:
        await screen.shows("installed", "my_layer", "your own code", "mine.py::step", "Open…")
        await screen.press("down", "down", "down", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, OpenScreen))


async def test_help_follows_the_cursor_with_the_code_in_every_mode_that_is_chosen() -> None:
    async with picking(*"gelu_mlp") as screen:
        await screen.shows(
            "gelu_mlp: Two dense layers",
            "Two products dominate",
            "graph  @tf.function",
            "xla    @tf.function(jit_compile=True)",
            "def step(x):",
            "w1 = tf.Variable(",
            "batch=64 (1-65536)",
            "float16, bfloat16, float32, float64",
        )
        assert "autocluster" not in screen.text
        await screen.press("escape", "x", "down", "down", "down", "down", "space", "enter", "slash")
        await screen.shows("autocluster  tf.config.optimizer.set_jit(")


async def test_on_a_small_screen_a_key_turns_to_the_help_and_back() -> None:
    async with picking(*"train", "tab", size=(60, 20)) as screen:
        await screen.shows("tf.GradientTape()")
        assert "search" not in screen.text.splitlines()[4]
        await screen.press("G")
        await screen.shows("dtypes  float32, float64")
        await screen.press("escape", "down", "enter")
        await screen.until(lambda: op(screen).endswith("train_step"))


async def test_letters_are_typed_and_where_they_find_nothing_or_escape_is_pressed_nothing_is_chosen() -> None:
    async with picking(*"jkhlgq") as screen:
        await screen.until(lambda: screen.app.screen.query_one(Words).value == "jkhlgq")
        await screen.press("enter", "backspace")
        assert isinstance(screen.app.screen, PickerScreen)
        assert screen.app.screen.query_one(Words).value == "jkhlg"
        await screen.press(*["backspace"] * 5, *"lstm", "escape")
        await screen.until(lambda: isinstance(screen.app.screen, MainScreen))
        assert op(screen) == "matmul"


async def test_a_recording_has_nothing_to_pick() -> None:
    async with opened(Stage(*LOADED), read_only=True) as screen:
        await screen.shows("r run ? help : more q quit e export b browse")
        assert "slash" not in screen.app.screen.active_bindings
