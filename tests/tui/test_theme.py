"""Themes and settings from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.plan import MODES
from tests.tui.stage import Stage, opened
from tui import settings, theme

DARK = (Path(__file__).parents[2] / "themes" / "dark.toml").read_text(encoding="utf-8")


def test_the_built_in_themes_are_dark_and_light(tmp_path: Path) -> None:
    themes, troubles = theme.load(tmp_path / "none")
    assert [(one.name, one.dark) for one in themes] == [("dark", True), ("light", False)]
    assert troubles == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (DARK + '\npurple = "#fff"', "mine.toml: Object contains unknown field `purple`"),
        (DARK.replace('"#14161b"', '"bluu"'), "mine.toml: background: 'bluu' is not a colour"),
        (DARK.replace("dark = true", 'dark = "yes"'), "mine.toml: Expected `bool`, got `str` - at `$.dark`"),
        ("dark = true", "mine.toml: Object missing required field `background`"),
        ("dark", "mine.toml: not TOML: "),
        (b"\xff\xfe", "mine.toml: "),
    ],
)
def test_a_theme_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, text: str | bytes, reason: str) -> None:
    (tmp_path / "mine.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    themes, (trouble,) = theme.load(tmp_path)
    assert [one.name for one in themes] == ["dark", "light"]
    assert f"Theme ignored: {reason}" in trouble
    assert "\n" not in trouble


def test_a_theme_of_the_users_own_may_replace_a_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "dark.toml").write_text(DARK.replace("#14161b", "#000000"), encoding="utf-8")
    themes, _ = theme.load(tmp_path)
    assert themes[0].background == "#000000"


def test_settings_are_kept(tmp_path: Path) -> None:
    settings.save(tmp_path / "new", settings.Settings(theme="light"))
    assert settings.load(tmp_path / "new") == (settings.Settings(theme="light"), "")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["{", '{"theme": 3}', "\x00"])
def test_unreadable_settings_are_ignored_with_a_notice(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    kept, trouble = settings.load(tmp_path)
    assert kept == settings.Settings()
    assert "settings.json" in trouble


async def test_a_chosen_theme_is_remembered(home: Path) -> None:
    async with opened(Stage()) as screen:
        assert screen.app.theme == "dark"
        assert set(screen.app.available_themes) == {"dark", "light"}
        screen.app.theme = "light"
        await screen.until(lambda: settings.load(home / "state")[0].theme == "light")
    async with opened(Stage()) as screen:
        assert screen.app.theme == "light"


async def test_a_theme_that_is_gone_is_replaced_with_a_notice(home: Path) -> None:
    settings.save(home / "state", settings.Settings(theme="gone"))
    async with opened(Stage()) as screen:
        assert screen.app.theme == "dark"
        await screen.shows("There is no theme 'gone'")


def test_a_theme_may_name_the_colours_of_modes_or_have_them_mixed(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(f'{DARK}\nas-written = "#123456"\n', encoding="utf-8")
    themes, troubles = theme.load(tmp_path)
    assert troubles == []
    variables = next(one for one in themes if one.name == "mine").variables
    assert variables["mode-as-written"] == "#123456"
    assert set(variables) == {f"mode-{mode}" for mode in MODES}
