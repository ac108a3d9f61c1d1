from __future__ import annotations

import pytest

from tests.tui.stage import Screen, Stage, opened
from tui.commands import COMMANDS, Command, Palette, Setup
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen

DEAD_KEYS = {"ctrl+b", "ctrl+a", "ctrl+j", "ctrl+enter"}
"""Taken, or never sent, under tmux, screen and VS Code."""

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name())
def test_a_command_has_help_and_is_carried_out(command: type[Command]) -> None:
    assert command.help().endswith(".")
    assert callable(getattr(MainScreen, f"action_{command.name()}"))
    assert command.key not in DEAD_KEYS
    assert not command.footer or command.key


def test_every_command_is_listed_once_and_no_two_share_a_key() -> None:
    assert set(COMMANDS) == set(Command.__subclasses__())
    keys = [command.key for command in COMMANDS if command.key]
    assert len(keys) == len(set(keys))


async def test_the_help_lists_every_command() -> None:
    async with opened(Stage(), size=(100, 60)) as screen:
        await screen.press("question_mark")
        await screen.shows(*(f"{command.title()}: {command.help()[:20]}" for command in COMMANDS))
        await screen.press("escape")
        await screen.until(lambda: not isinstance(screen.app.screen, HelpScreen))


async def test_the_palette_offers_every_command_but_itself() -> None:
    async with opened(Stage()) as screen:
        offered = {command.title for command in screen.app.get_system_commands(screen.app.screen)}
        assert offered == {command.title() for command in COMMANDS} - {Palette.title()}


async def test_the_footer_shows_the_commands_that_belong_there() -> None:
    async with opened(Stage()) as screen:
        labels = [command.label for command in COMMANDS if command.footer and command.label and command is not Setup]
        await screen.until(lambda: all(label in footer(screen) for label in labels))


async def test_the_footer_can_be_clicked() -> None:
    stage = Stage()
    async with opened(stage) as screen:
        await screen.until(lambda: "run" in footer(screen))
        await screen.pilot.click(offset=(footer(screen).index("r run"), 23))
        await screen.until(lambda: stage.plans)


def footer(screen: Screen) -> str:
    return screen.text.splitlines()[-1]
