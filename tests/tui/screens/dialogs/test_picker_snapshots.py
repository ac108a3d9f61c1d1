"""The picker, the help and the question before leaving, at the sizes that screens have. After a wanted change:
`pytest --snapshot-update`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from bench.catalogue import WORKLOADS
from tests.examples import NO_MODE_WINS
from tests.tui.snapshots import Snap, at_one_layout, at_snapshot_sizes
from tests.tui.stage import LOADED, Screen, Stage
from tui.app.app import TfjitApp
from tui.config import remembered

pytestmark = pytest.mark.usefixtures("home")


def snap(snap_compare: Snap, size: tuple[int, int], stage: Stage, *, after: str, keys: list[str], shows: str) -> bool:
    app = TfjitApp(stage, clock=lambda: 0.0)
    app.theme = "dark"

    async def press(pilot: Pilot[None]) -> None:
        screen = Screen(app, pilot)
        await screen.shows(after)
        await screen.press(*keys)
        await screen.shows(shows)
        await pilot.pause()

    return snap_compare(app, terminal_size=size, run_before=press)


@at_snapshot_sizes
def test_all_workloads(snap_compare: Snap, size: tuple[int, int], home: Path) -> None:
    settings = remembered.Settings().with_opened("code/steps.py::scale", "").with_star_turned("lstm")
    remembered.save(home / "state", settings.with_measured("matmul", "gelu_mlp"))
    keys = ["slash", "down"]
    shows = f"search {len(WORKLOADS) + 1} workloads" if size[0] < 78 else "gelu_mlp: Two dense layers"
    assert snap(snap_compare, size, Stage(*LOADED), after="○ ready", keys=keys, shows=shows)


@pytest.mark.slow
@at_one_layout
def test_words_that_are_searched_for(snap_compare: Snap, size: tuple[int, int]) -> None:
    shows = "cnn_train_step" if size[0] < 78 else "train_step: One step"
    keys = ["slash", *"train"]
    assert snap(snap_compare, size, Stage(*LOADED), after="○ ready", keys=keys, shows=shows)


@pytest.mark.slow
def test_the_help_of_a_workload_where_there_is_no_room_beside_the_list(snap_compare: Snap) -> None:
    keys = ["slash", *"gelu_mlp", "tab"]
    assert snap(snap_compare, (60, 20), Stage(*LOADED), after="○ ready", keys=keys, shows="gelu_mlp: Two")


@at_one_layout
def test_the_help(snap_compare: Snap, size: tuple[int, int]) -> None:
    assert snap(snap_compare, size, Stage(*LOADED), after="○ ready", keys=["question_mark"], shows="Measure what is")


@at_one_layout
def test_the_question_before_leaving(snap_compare: Snap, size: tuple[int, int]) -> None:
    stage = Stage(*LOADED, *NO_MODE_WINS[3:-2])
    assert snap(snap_compare, size, stage, after="round 40", keys=["q"], shows="Stop measuring and quit?")
