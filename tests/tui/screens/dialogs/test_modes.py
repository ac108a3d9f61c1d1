"""Modes beside the three: chosen in a dialog, and drawn however many there are."""

from __future__ import annotations

from typing import Any

import pytest

from bench.plan import DEFAULT_MODES, EVERY_MODE, MODES, MORE_MODES, Case, PlanError
from bench.suggest import parse_modes
from tests.examples import explained, numbered, rounds, session_events, sweep_events
from tests.slow import slowly
from tests.tui.stage import LOADED, Screen, Stage, opened
from tui.draft.mode_help import MEANINGS
from tui.presentation.result_rows import columns_for
from tui.screens.dialogs.modes import ModesScreen
from tui.widgets.panels.breakdown_panel import side_by_side
from tui.widgets.panels.latency import LatencyPanel
from tui.widgets.panels.plot import LETTERS
from tui.widgets.panels.rounds import RoundsPanel
from tui.widgets.setup.fields import ModeBox

pytestmark = pytest.mark.usefixtures("home")

NINE = {mode: 0.01 * (1 + index) for index, mode in enumerate(MODES)}


def nine(**rules: Any) -> Stage:
    case = Case("matmul", (("m", 64), ("k", 64), ("n", 64)), modes=MODES)
    beside = [*rounds(NINE, 40), *explained(NINE)]
    return Stage(*LOADED, *session_events(NINE, case=case, beside=beside, **rules))


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("eager,as-written", ("eager", "as-written")),
        ("as_written, Reduce_Retracing", ("as-written", "reduce-retracing")),
        ("graph-no-grappler", ("no-grappler",)),
        ("graph_no_grappler,no_grappler", ("no-grappler", "no-grappler")),
    ],
)
def test_a_modes_name_is_understood_however_it_is_written(text: str, modes: tuple[str, ...]) -> None:
    assert parse_modes(text) == modes


def test_a_misspelt_mode_gets_the_nearest() -> None:
    with pytest.raises(PlanError, match="did you mean autocluster"):
        parse_modes("autoclusters")


# --- choosing them ----------------------------------------------------------------------------------------------------


async def choose(screen: Screen, *modes: str) -> None:
    """Tick these, and take them."""
    await screen.press("x")
    await screen.until(lambda: isinstance(screen.app.screen, ModesScreen))
    for box in screen.app.screen.query(ModeBox):
        if box.mode in modes:
            box.focus()
            await screen.press("space")
    await screen.press("enter")
    await screen.until(lambda: not isinstance(screen.app.screen, ModesScreen))


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_each_mode_is_offered_with_what_it_is(size: tuple[int, int]) -> None:
    async with opened(Stage(*LOADED), size=size) as screen:
        await screen.press("x")
        await screen.shows(*(MEANINGS[mode] for mode in MORE_MODES), "Take", "Back")


@pytest.mark.slow
async def test_modes_that_are_chosen_are_measured_and_shown_in_the_setup() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await choose(screen, "autocluster", "concrete")
        await screen.shows("+ concrete, autocluster")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].modes == ("eager", "graph", "concrete", "autocluster", "xla")


async def test_a_box_of_the_setup_leaves_the_further_modes_alone_until_they_are_given_up() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await choose(screen, "predict")
        next(box for box in screen.app.screen.query(ModeBox) if box.mode == "graph").focus()
        await screen.press("space", "r")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].modes == ("eager", "xla", "predict")
        await screen.shows("+ predict")
        await choose(screen, "predict")
        await screen.until(lambda: "+ predict" not in screen.text)


async def test_what_was_ticked_is_forgotten_where_one_goes_back() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        for keys in (("space", "escape"), ("space", "up", "enter")):
            await screen.press("x")
            await screen.until(lambda: isinstance(screen.app.screen, ModesScreen))
            await screen.press(*keys)
            await screen.until(lambda: not isinstance(screen.app.screen, ModesScreen))
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].modes == DEFAULT_MODES


# --- drawing them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), *slowly(((60, 20),), ((120, 40),))])
async def test_nine_modes_have_a_whole_bar_and_a_column_each(size: tuple[int, int]) -> None:
    async with opened(nine(), size=size) as screen:
        await screen.shows("○ ready", "results")
        await screen.until(lambda: "run" in screen.text.splitlines()[-1])
        panel = screen.app.screen.query_one(LatencyPanel)
        lines = panel.render().plain.splitlines()
        assert len(lines) == panel.size.height == len(MODES)
        assert all(len(line.rstrip()) <= panel.size.width for line in lines)
        assert all("ms" in line for line in lines)
        assert "tfjit" in screen.text.splitlines()[0]
        assert len(screen.text.splitlines()) == size[1]
        await screen.shows("as-written", "10.0 ms")  # the columns of the table


async def test_the_rounds_give_way_to_the_bars_of_many_modes() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        for number, (modes, is_shown) in enumerate(((9, False), (4, True), (5, False), (3, True)), 1):
            asked = {mode: NINE[mode] for mode in MODES[:modes]}
            events = session_events(asked, case=Case("matmul", modes=tuple(asked)), beside=rounds(asked, 40))
            stage.play(*(numbered(event, str(number)) for event in events[3:]))
            bars, glance = (screen.app.screen.query_one(panel) for panel in (LatencyPanel, RoundsPanel))
            await screen.until(lambda: bars.size.height == modes)  # noqa: B023
            assert bool(glance.region.height) == is_shown


async def test_every_mode_has_a_colour_of_its_own_and_is_told_where_its_time_goes() -> None:
    async with opened(nine()) as screen:
        await screen.shows("○ ready")
        panel = screen.app.screen.query_one(LatencyPanel)
        for theme in ("dark", "light"):
            screen.app.theme = theme
            await screen.pilot.pause()
            colours = {panel.mode_style(mode).foreground for mode in MODES}
            assert len(colours) == len(MODES)
        await screen.press("d")
        await screen.shows("eager as-written", "no-grappler autocluster", "predict")
        await screen.press("escape")
        await screen.pilot.resize_terminal(120, 40)
        await screen.shows("where the time goes · d shows all")  # the narrow column cannot hold it


def test_modes_that_fit_stand_side_by_side() -> None:
    from tests.examples import first_case

    modes = first_case(session_events(NINE, case=Case("matmul", modes=MODES))).modes
    for room in (1, 27, 40, 63, 200):
        blocks = list(side_by_side(modes, room))
        assert [mode for block in blocks for mode in block] == list(modes)
        assert len(blocks) == len(modes) if room == 1 else all(blocks)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
async def test_a_column_for_a_further_mode_is_there_where_a_case_has_it(size: tuple[int, int]) -> None:
    async with opened(Stage(*LOADED, *sweep_events(10, 100)), size=size) as screen:
        await screen.shows("xla", "best")
        assert not any(f" {mode} " in screen.text for mode in MORE_MODES)
    async with opened(nine(), size=size) as screen:
        await screen.shows("as-written", "10.0 ms")


def test_a_further_mode_has_its_column_in_the_order_of_the_modes_once_a_case_has_it() -> None:
    assert "concrete" not in columns_for(DEFAULT_MODES)
    columns = columns_for((*DEFAULT_MODES, "concrete"))
    assert [column for column in columns if column in MODES] == ["eager", "graph", "concrete", "xla"]


def test_every_mode_has_a_letter_and_a_meaning_of_its_own() -> None:
    assert tuple(MEANINGS) == MODES
    assert {*LETTERS} == {*EVERY_MODE}
    assert len(set(LETTERS.values())) == len(EVERY_MODE)
