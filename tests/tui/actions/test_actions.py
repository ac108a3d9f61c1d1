from __future__ import annotations

import pytest
from textual.keys import format_key

from bench.events import PlanFinished
from tests.examples import NO_MODE_WINS
from tests.paths import README
from tests.tui.stage import LOADED, Screen, Stage, opened
from tui.actions.actions import ACTIONS, SCALE, Palette, Stop
from tui.actions.base import SECTIONS, Action
from tui.actions.vim_keys import MOVES, VIM
from tui.screens.dialogs.help import HelpScreen, key_words
from tui.screens.main.main_screen import MainScreen
from tui.widgets.footer import ActionFooter
from tui.widgets.setup.fields import DimInput

NEVER_BOUND = {"ctrl+a", "ctrl+b", "ctrl+j", "ctrl+enter"}
"""What screen and tmux begin their own commands with, and what a terminal sends as enter or not at all."""

SWALLOWED = {
    *NEVER_BOUND,
    # VS Code's terminal, on Linux and Windows: what `terminal.integrated.commandsToSkipShell` has by default, and the
    # beginning of its chords.
    *(f"ctrl+{key}" for key in ("e", "f", "k", "m", "p", "v", "grave_accent", "tab", "pageup", "pagedown")),
    *(f"ctrl+{digit}" for digit in range(1, 10)),
    *(f"alt+{digit}" for digit in range(1, 10)),
    *("f1", "f3", "f5", "f6", "f10", "f11"),
}
"""Keys that do not always arrive."""

WITH_KEYS = [command for command in ACTIONS if command.key]

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("command", ACTIONS, ids=lambda command: command.name())
def test_a_command_has_help_and_is_carried_out(command: type[Action]) -> None:
    assert command.help().endswith(".")
    assert command.section in SECTIONS
    assert callable(getattr(MainScreen, f"action_{command.name()}"))
    assert not command.footer or command.key


@pytest.mark.parametrize("command", WITH_KEYS, ids=lambda command: command.name())
def test_a_command_with_keys_has_one_that_always_arrives_and_shows_that(command: type[Action]) -> None:
    first, *others = command.key_names()
    assert first not in SWALLOWED
    assert NEVER_BOUND.isdisjoint(others)
    assert [binding.key for binding in command.bindings() if binding.show] == ([first] if command.footer else [])


@pytest.mark.parametrize("command", WITH_KEYS, ids=lambda command: command.name())
def test_a_command_with_keys_stands_in_the_readme(command: type[Action]) -> None:
    _, _, keys = README.partition("| key | | key | |")
    assert all(f"`{format_key(key)}`" in keys.partition("\n\n")[0] for key in command.key_names())


def test_every_command_is_listed_once_and_no_two_share_a_key() -> None:
    assert set(ACTIONS) == set(Action.__subclasses__())
    keys = [*(key for command in ACTIONS for key in command.key_names()), *VIM]
    assert len(keys) == len(set(keys))


async def test_the_palette_and_the_help_list_every_command_and_the_help_its_keys_and_how_to_move() -> None:
    async with opened(Stage(), size=(100, 100)) as screen:
        offered = {command.title for command in screen.app.get_system_commands(screen.app.screen)}
        assert offered == {command.title() for command in ACTIONS} - {Palette.title()}
        await screen.press("question_mark")
        lines = [f"{key_words(command):<8}  {command.title()}: {command.help()[:20]}" for command in ACTIONS]
        await screen.shows(*lines, *(f"{keys:<8}  {words[:20]}" for keys, words in MOVES.items()))
        await screen.press("escape")
        await screen.until(lambda: not isinstance(screen.app.screen, HelpScreen))


async def test_the_footer_has_the_first_commands_that_it_has_room_for_and_cuts_none() -> None:
    words = {word for command in ACTIONS for word in (*key_words(command).split(), *command.label.split())}
    belong = [command for command in ACTIONS if command.footer and command.label and command is not Stop]
    async with opened(Stage(), size=(60, 24)) as screen:
        for width in (60, 80, 100, 120, 200):
            await screen.pilot.resize_terminal(width, 24)
            await screen.until(lambda: screen.app.screen.query_one(ActionFooter).size.width == width)  # noqa: B023
            await screen.shows("r run")
            shown = footer(screen)
            assert all(each in shown for each in ("/ pick", "? help", ": more", "q quit"))
            assert set(shown.split()) <= words | set(SCALE.description.split())
            is_shown = [f"{key_words(command).split()[0]} {command.label}" in shown for command in belong]
            if width < 78:
                assert is_shown == sorted(is_shown, reverse=True)
            else:
                assert "m setup" not in shown
            if width >= 100:
                assert "e export" in shown


async def test_the_footer_tells_how_to_stop_while_there_is_something_to_stop() -> None:
    stage = Stage(*LOADED)
    async with opened(stage, size=(60, 20)) as screen:
        await screen.shows("○ ready", "r run / pick")
        await screen.press("r")
        await screen.shows("r run esc stop / pick")
        stage.play(*NO_MODE_WINS[3:-1])
        await screen.shows("d tells where", "r run esc stop / pick")
        stage.play(PlanFinished())
        await screen.shows("○ ready", "r run / pick")


async def test_the_footer_can_be_clicked_each_of_its_keys_for_itself() -> None:
    stage = Stage()
    async with opened(stage) as screen:
        await screen.until(lambda: "run" in footer(screen))
        await screen.pilot.click(offset=(footer(screen).index("] ÷2"), 23))
        await screen.until(lambda: screen.app.screen.query(DimInput).first().value == "2048")
        await screen.pilot.click(offset=(footer(screen).index("[ ]"), 23))
        await screen.until(lambda: screen.app.screen.query(DimInput).first().value == "1024")
        await screen.pilot.click(offset=(footer(screen).index("r run") + 3, 23))
        await screen.until(lambda: stage.plans)


def footer(screen: Screen) -> str:
    return screen.text.splitlines()[-1]


async def test_beneath_a_dialog_the_footer_does_not_look_as_if_its_keys_were_heard() -> None:
    async with opened(Stage(*LOADED)) as screen:
        footer = screen.app.screen.query_one(ActionFooter)
        key_style = footer.get_visual_style("footer--key")
        await screen.press("s")
        await screen.shows("Axes")
        assert footer.get_visual_style("footer--key") != key_style
        await screen.press("escape")
        await screen.until(lambda: footer.get_visual_style("footer--key") == key_style)
