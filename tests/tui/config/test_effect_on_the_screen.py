"""What is settled takes effect on the screen, its theme included, and what is wrong with it is told there."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from bench.events import Device, Devices
from bench.plan import Effort, Plan
from tests.examples import NO_MODE_WINS
from tests.slow import slowly
from tests.tui.command import Scripted, invoke, stand_in
from tests.tui.config.settling import SETTLED, settle, settled
from tests.tui.stage import LOADED, Stage, opened
from tui.app.app import TfjitApp
from tui.cli import startup
from tui.config import remembered
from tui.config.loader import ConfigSource, Configuration, read
from tui.config.schema import DEFAULTS
from tui.draft.draft import Draft
from tui.terminal.ascii_fallback import InAscii
from tui.widgets.setup.setup_panel import SetupPanel


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("calls = 7", "tfjit-tui run matmul --no-config --far python3"),
        *slowly(("theme = 'light'", "tfjit-tui run matmul --far python3")),
    ],
)
async def test_the_command_that_repeats_does_so_whatever_is_settled(text: str, command: str, home: Path) -> None:
    async with opened(Stage(*NO_MODE_WINS), configuration=settled(home, text)) as screen:
        await screen.shows("Do not use XLA here")
        await screen.press("y")
        await screen.until((home / "state" / "verdict.txt").exists)
        assert (home / "state" / "verdict.txt").read_text().splitlines()[-1] == command


async def test_the_screen_begins_as_it_is_settled_and_measures_so(home: Path) -> None:
    stage = Stage(*LOADED[:2], Devices(devices=(Device("CPU:0", "A"), Device("GPU:1", "B"))))
    text = SETTLED + 'workload = "lstm"\nauto_run = true\nanimation = "full"\n'
    async with opened(stage, size=(120, 40), configuration=settled(home, text)) as screen:
        await screen.shows("lstm", "GPU:1 B", "float64", "auto-run", "☐graph")
        assert screen.app.animation_level == "full"
        assert screen.app.screen.query_one(SetupPanel)._settling is None  # nothing has changed: nothing is measured
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        (plan,) = stage.plans
        assert plan == Plan(plan.cases, Effort(0.5, 0.01, 5), 0.05, 9.0, 10)
        (case,) = plan.cases
        assert (case.workload, case.dtype, case.device) == ("lstm", "float64", "GPU:1")
        assert case.modes == ("eager", "xla")


async def test_a_sweep_is_under_the_settled_rules(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage, configuration=settled(home, "calls = 10\neffect = 5")) as screen:
        await screen.press("s")
        await screen.press("enter")
        await screen.until(lambda: stage.plans)
        assert (stage.plans[0].calls, stage.plans[0].effect) == (10, 0.05)
        assert len(stage.plans[0].cases) > 1


async def test_the_thorough_run_is_the_settled_one_where_that_is_the_effort(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage, configuration=settled(home, "effort = 'thorough'\nprocesses = 7")) as screen:
        await screen.press("t")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].effort == Effort(10.0, 0.005, 7)


async def test_more_modes_are_told_from_the_start_and_a_device_that_is_not_there_once_that_is_known(
    home: Path,
) -> None:
    stage = Stage()
    configuration = settled(home, "modes = ['eager', 'concrete']\ndevice = 'GPU:7'")
    async with opened(stage, configuration=configuration) as screen:
        await screen.shows("+ concrete", "☑eager", "☐graph", "☐xla", "GPU:7")
        stage.play(*LOADED)
        await screen.shows("There is no device GPU:7", "set up.")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].device == "CPU:0"


async def test_what_is_wrong_is_told_on_the_screen_and_a_theme_whose_file_is_wrong_gives_way(home: Path) -> None:
    settle(home, "efort = 'quick'\nmodes = '[bold]'\ntheme = 'mine'")
    (home / "config" / "themes").mkdir(parents=True)
    (home / "config" / "themes" / "mine.toml").write_text("dark = true")
    async with opened(Stage(), size=(120, 40), configuration=read()) as screen:
        await screen.shows('"efort"', "effort or effect?", '"[bold]"', "Theme ignored: mine.toml")
        assert screen.app.theme == "dark"


async def test_the_settled_theme_is_stronger_than_the_remembered_one(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings(theme="light"))
    async with opened(Stage(), configuration=settled(home, "theme = 'dark'")) as screen:
        assert screen.app.theme == "dark"
        screen.app.choose_theme("light")
        await screen.shows("The next start is dark again")
        assert remembered.load(home / "state")[0].theme == "light"


async def test_a_theme_by_flag_is_for_this_time(home: Path) -> None:
    configuration = Configuration().having({"theme": "light"}, ConfigSource.FLAG)
    async with opened(Stage(), configuration=configuration) as screen:
        assert screen.app.theme == "light"
        screen.app.choose_theme("dark")
        await screen.until(lambda: screen.app.settings.theme == "dark")
        assert "next start" not in screen.text
    assert remembered.load(home / "state")[0].theme == "dark"


@pytest.fixture
def shown_with(monkeypatch: pytest.MonkeyPatch) -> list[Configuration]:
    """What screens were opened with."""
    configurations: list[Configuration] = []
    monkeypatch.setattr(startup, "show", lambda *_, configuration, **__: configurations.append(configuration))
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    stand_in(monkeypatch, Scripted(NO_MODE_WINS))
    return configurations


def test_the_screens_flags_are_stronger_than_all(
    home: Path, shown_with: list[Configuration], monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home, "theme = 'dark'\nascii = false")
    monkeypatch.setenv("TFJIT_TUI_THEME", "dark")
    assert invoke().exit_code == 0
    assert invoke("--theme", "light", "--ascii").exit_code == 0
    without, with_flags = shown_with
    assert (without.config.theme, without.config.ascii_only) == ("dark", False)
    assert (with_flags.config.theme, with_flags.config.ascii_only) == ("light", True)
    assert with_flags.where("theme") == "--theme"
    assert DEFAULTS.ascii_only is None


def test_the_device_by_flag_is_set_up_in_place_of_the_settled_one(home: Path, shown_with: list[Configuration]) -> None:
    settle(home, "device = 'GPU:1'")
    assert invoke().exit_code == 0
    assert invoke("--device", "gpu:0").exit_code == 0
    without, with_flag = shown_with
    assert (Draft(without.config).device, Draft(with_flag.config).device) == ("GPU:1", "GPU:0")
    assert with_flag.where("device") == "--device"


def test_a_device_that_has_no_name_is_refused(shown_with: list[Configuration]) -> None:
    result: Result = invoke("--device", "the big one")
    assert result.exit_code == 2
    assert "the big one" in result.stderr.lower()
    assert len(result.stderr.splitlines()) == 1
    assert shown_with == []


def test_a_theme_that_there_is_not_is_refused(shown_with: list[Configuration]) -> None:
    result: Result = invoke("--theme", "ligth")
    assert (result.exit_code, result.stderr) == (2, "tfjit-tui: there is no theme 'ligth': did you mean light?\n")
    assert shown_with == []


async def test_a_place_that_cannot_be_had_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFJIT_TUI_CONFIG_DIR", "~nobody-of-that-name/x")
    async with opened(Stage(), size=(120, 40), configuration=read()) as screen:
        await screen.shows("~nobody-of-that-name/x")
        assert screen.text.count("~nobody-of-that-name/x") == 1


async def test_of_many_troubles_a_small_screen_has_the_first_and_where_all_of_them_are_told(home: Path) -> None:
    settle(home, "".join(f"nonsense_{number} = 1\n" for number in range(9)))
    async with opened(Stage(), configuration=read()) as screen:
        await screen.shows("nonsense_0", "nonsense_1", "7 more are settled wrongly", "tfjit-tui config")


@pytest.mark.parametrize(("text", "is_ascii"), [("ascii = true", True), ("ascii = false", False)])
def test_what_is_settled_of_ascii_is_stronger_than_the_terminal(
    text: str, is_ascii: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[bool] = []
    monkeypatch.setenv("LC_ALL", "C.UTF-8" if is_ascii else "C")
    monkeypatch.setattr(TfjitApp, "run", lambda app: drawn.append(InAscii in map(type, app.get_line_filters())))
    startup.show(Stage(), None, configuration=settled(home, text))
    assert drawn == [is_ascii]
