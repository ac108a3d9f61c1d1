"""Code of the user's, opened on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from bench.events import CaseFinished, CaseSized, CaseStarted, Looked, PlanFinished, PlanStarted, WorkloadInfo
from tests.tui.stage import LOADED, Stage, open_code, opened
from tui.config import remembered
from tui.draft.code_paths import complete
from tui.screens.dialogs.open import OpenScreen
from tui.widgets.setup.fields import DimInput

pytestmark = pytest.mark.usefixtures("home")


NO_CODE = {"matmul": "That names no code", "steps.py": "Name a function in it: steps.py::FUNCTION", "": "names no code"}
"""What may be typed, and what is said of it."""


@pytest.fixture
def steps(home: Path) -> None:
    """Return a file with a function, in the current directory."""
    (home / "steps.py").write_text("def scale(x): return 2 * x\n", encoding="utf-8")


@pytest.mark.usefixtures("steps")
async def test_a_function_is_opened_measured_and_its_dimensions_are_then_offered(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("o")
        await screen.until(lambda: isinstance(screen.app.screen, OpenScreen))
        for name, words in NO_CODE.items():
            screen.app.screen.query_one("#name", Input).value = name
            await screen.press("enter")
            await screen.shows(words)
            assert screen.app.screen.query_one("#name", Input).value == name
        screen.app.screen.query_one("#name", Input).value = "steps.py::scale"
        screen.app.screen.query_one("#inputs", Input).value = "float32[rows=4, 8]"
        await screen.press("enter")
        await screen.until(lambda: not isinstance(screen.app.screen, OpenScreen))
        assert remembered.load(home / "state")[0].opened == (("steps.py::scale", "float32[rows=4, 8]"),)
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        (case,) = stage.plans[0].cases
        assert (case.workload, case.dims, case.inputs) == ("steps.py::scale", (), "float32[rows=4, 8]")
        stage.play(
            PlanStarted(plan=stage.plans[0], case_ids=("1",)),
            CaseStarted(case_id="1"),
            CaseSized(case_id="1", dims=(("rows", 4),)),
            CaseFinished(case_id="1"),
            PlanFinished(),
        )
        await screen.until(lambda: [field.dim.name for field in screen.app.screen.query(DimInput)] == ["rows"])
        await screen.press("]", "r")
        await screen.until(lambda: len(stage.plans) == 2)
        assert stage.plans[1].cases[0].dims == (("rows", 8),)


WRONG = {
    "steps.py::scal": "steps.py has no function 'scal'",
    "steps.py:scale": "steps.py:scale has one colon",
    "absent.py::f": "there is no Python file",
}
"""What is not there, and what is said of it before anything is asked of the far side."""


@pytest.mark.usefixtures("steps")
async def test_what_is_not_there_is_said_in_the_dialog() -> None:
    stage = Stage(*LOADED)
    async with opened(stage, size=(120, 40)) as screen:
        await screen.press("o")
        await screen.until(lambda: isinstance(screen.app.screen, OpenScreen))
        for name, words in WRONG.items():
            screen.app.screen.query_one("#name", Input).value = name
            await screen.press("enter")
            await screen.shows(words)
        assert stage.looks == []


@pytest.mark.usefixtures("steps")
async def test_what_code_is_is_asked_before_it_is_measured() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await open_code(screen, "steps.py::scale")
        await screen.until(lambda: stage.looks == [("steps.py::scale", "", "CPU:0")])
        found = WorkloadInfo("scale", "own", "", "", (("batch", 32, 1, 100),), ("float64",))
        stage.play(Looked(name="steps.py::scale", workload=found))
        await screen.until(lambda: [field.dim.high for field in screen.app.screen.query(DimInput)] == [100])
        await screen.press("r")
        await screen.until(lambda: stage.plans)
    (case,) = stage.plans[0].cases
    assert (case.workload, case.dims, case.dtype) == ("steps.py::scale", (("batch", 32),), "float64")


@pytest.mark.usefixtures("steps")
async def test_where_nothing_says_what_to_call_it_with_the_screen_asks() -> None:
    stage = Stage(*LOADED)
    why = "nothing says what to call scale with: give --inputs 'x=float32[batch=32,64]'"
    async with opened(stage) as screen:
        await open_code(screen, "steps.py::scale")
        await screen.until(lambda: stage.looks)
        stage.play(Looked(name="steps.py::scale", error=why))
        await screen.until(lambda: isinstance(screen.app.screen, OpenScreen))
        await screen.shows("nothing says what to call scale with")
        assert screen.app.screen.query_one("#name", Input).value == "steps.py::scale"
        await screen.until(lambda: getattr(screen.app.focused, "id", "") == "inputs")
        screen.app.screen.query_one("#inputs", Input).value = "x=float32[8]"
        await screen.press("enter")
        await screen.until(lambda: stage.looks[1:] == [("steps.py::scale", "x=float32[8]", "CPU:0")])


@pytest.mark.usefixtures("steps")
async def test_where_reading_code_failed_and_all_that_was_said_stands_below_the_reason() -> None:
    stage = Stage(*LOADED)
    lines, message = ("steps.py:4 in load: open(path)",), "OSError: no data\n\nwhich came from\n\nKeyError: 'scale'"
    async with opened(stage, size=(100, 40)) as screen:
        await open_code(screen, "steps.py::scale")
        await screen.until(lambda: stage.looks)
        stage.play(Looked(name="steps.py::scale", error="OSError: no data", traceback=lines, message=message))
        await screen.until(lambda: isinstance(screen.app.screen, OpenScreen))
        for words in ("It failed at:", "steps.py:4 in load", "All that was said:", "KeyError: 'scale'"):
            await screen.shows(words)


async def test_what_was_opened_is_offered_the_next_time(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings().with_opened("mine.py::step", "float32[2]"))
    stage = Stage(*LOADED)
    async with opened(stage, size=(80, 60)) as screen:
        await screen.press("slash", *"mine", "enter")
        await screen.shows("op      step")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].inputs == "float32[2]"


@pytest.mark.slow
async def test_the_last_of_the_workloads_opens_one_too() -> None:
    async with opened(Stage(*LOADED), size=(80, 40)) as screen:
        await screen.press("slash")
        await screen.press("up", "enter")
        await screen.until(lambda: isinstance(screen.app.screen, OpenScreen))
        await screen.press("escape")
        await screen.shows("matmul")


def test_paths_and_functions_are_completed(home: Path) -> None:
    (home / "models").mkdir()
    (home / "models" / "steps.py").write_text("import os\nfirst = 3\n\ndef _hidden(): ...\n\ndef scale(x): ...\n")
    (home / "models" / "net.keras").touch()
    (home / "models" / "notes.txt").touch()
    (home / ".cache").mkdir()
    assert complete("mo") == "models/"
    assert complete("models/") == "models/net.keras"
    assert complete("models/s") == "models/steps.py"
    assert complete("models/no") is None
    assert complete("models/steps.py") == "models/steps.py::first"
    assert complete("models/steps.py::s") == "models/steps.py::scale"
    assert complete("models/steps.py::_") is None
    assert complete("absent/") is None
    assert complete("absent.py::f") is None
    assert complete(".c") == ".cache/"
    assert complete("") is None


def test_a_file_that_does_not_parse_has_nothing_to_complete(home: Path) -> None:
    (home / "broken.py").write_text("def f(:\n")
    assert complete("broken.py::") is None
