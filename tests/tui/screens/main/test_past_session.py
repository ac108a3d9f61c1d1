"""An earlier session, looked at again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.plan import EFFORTS
from bench.session.session import Session
from tests.examples import NO_MODE_WINS
from tests.slow import slowly
from tests.tui.earlier_sessions import MONDAY, browse, keep
from tests.tui.stage import LOADED, REFINED, Stage, opened, recorded
from tui.screens.history.session_list import SessionsScreen
from tui.screens.main.main_screen import MainScreen
from tui.screens.main.past_session import LookingBackScreen
from tui.widgets.setup.setup_panel import SetupPanel

pytestmark = pytest.mark.usefixtures("home", "utc", "knows_python3")


async def test_a_session_is_shown_as_it_was_without_what_changes_a_setup_and_left_again(home: Path) -> None:
    keep(home, MONDAY, recorded("tour"))
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        await browse(screen)
        assert not list(screen.app.get_system_commands(screen.app.screen))
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen) and screen.app.focused is not None)
        await screen.shows("session of 2026-01-05 09:00", "depthwise_conv", "tiny_ops")
        offered = {command.title for command in screen.app.get_system_commands(screen.app.screen)}
        assert {"Run", "Export", "Compare", "Sort"} <= offered
        assert not {"Sweep", "Open", "Pick", "Step up", "Undo", "Browse"} & offered
        heard = screen.app.screen.active_bindings
        assert "e" in heard
        assert not {"u", "U", "minus", "plus", "left_square_bracket", "slash", "s"} & heard.keys()
        assert "export" in screen.text.splitlines()[-1]
        assert "sweep" not in screen.text.splitlines()[-1]
        await screen.press("d")
        await screen.shows("where the time of a call goes")
        await screen.press("escape", "escape")
        await screen.until(lambda: isinstance(screen.app.screen, SessionsScreen))
        await screen.press("b")
        await screen.until(lambda: type(screen.app.screen) is MainScreen)
        await screen.shows("matmul · m=1024")


@pytest.mark.parametrize("turns", [0, *slowly(2, 4, 8, 12)])
async def test_who_goes_back_while_a_session_is_being_put_on_the_screen_is_back_without_a_failure(turns: int) -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        looking = LookingBackScreen(Session(recorded("tour")), Path("one.jsonl"), "Monday", lambda _: None)
        await screen.app.push_screen(looking)
        for _ in range(turns):
            await asyncio.sleep(0)  # let the event loop turn
        looking.action_go_back()
        await screen.until(lambda: type(screen.app.screen) is MainScreen)


@pytest.mark.parametrize("key", ["t", *slowly("r")])
async def test_a_row_of_an_earlier_session_is_measured_again_now(home: Path, key: str) -> None:
    keep(home, MONDAY, recorded("tour"))
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await browse(screen)
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, LookingBackScreen))
        await screen.shows("depthwise_conv")
        await screen.press("home")
        await screen.shows("matmul · m=256")
        await screen.press(key)
        await screen.until(lambda: stage.plans)
        (case,) = stage.plans[0].cases
        assert (case.workload, case.dims) == ("matmul", (("m", 256), ("k", 256), ("n", 256)))
        assert stage.plans[0].effort == (EFFORTS["thorough"] if key == "t" else REFINED)
        assert type(screen.app.screen) is MainScreen
        assert screen.app.screen.query_one(SetupPanel).case() == case
