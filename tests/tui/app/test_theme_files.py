"""Themes and settings from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.plan import MODES
from tests.paths import ROOT
from tests.tui.stage import Screen, Stage, opened
from tui.app import theme_files
from tui.config import remembered

DARK = (ROOT / "themes" / "dark.toml").read_text(encoding="utf-8")


BUILT_IN = ["dark", "colour-blind-safe", "high-contrast", "light", "mono", "nord", "terminal"]


def test_the_built_in_themes_begin_with_the_usual_one() -> None:
    assert [each.name for each in theme_files.built_in()] == BUILT_IN
    assert [each.name for each in theme_files.built_in() if not each.dark] == ["light"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (DARK + '\nforegruond = "#fff"', "mine.toml: foregruond: unknown key: did you mean foreground?"),
        (DARK + '\nas_written = "#fff"', "mine.toml: as_written: unknown key: did you mean as-written?"),
        (DARK + "\nqqq = 1", "mine.toml: qqq: unknown key: choose from dark, background, surface, panel, "),
        (DARK.replace('"#14161b"', '"bluu"'), "mine.toml: background: 'bluu' is no colour"),
        (DARK.replace('"#14161b"', "14"), "mine.toml: background: 14 is no colour"),
        (
            DARK.replace('"#14161b"', '"#14161b80"'),
            "mine.toml: background: '#14161b80' is no colour, or not an opaque one",
        ),
        (DARK.replace("dark = true", 'dark = "yes"'), "mine.toml: dark: true or false, not 'yes'"),
        ("dark = true", "mine.toml: background: missing"),
        ("dark", "mine.toml: not TOML: "),
        (f"dark = {'9' * 5000}", "mine.toml: not TOML: "),
        (f"dark = {'[' * 5000}{']' * 5000}", "mine.toml: it is nested too deeply"),
        (b"\xff\xfe", "mine.toml: "),
    ],
    ids=range(12),
)
def test_a_theme_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, text: str | bytes, reason: str) -> None:
    (tmp_path / "mine.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    themes, (trouble,) = theme_files.ThemeFolder(tmp_path).changes()
    assert themes == []
    assert f"Theme ignored: {reason}" in trouble
    assert "\n" not in trouble


def test_a_file_is_read_again_when_it_has_changed_and_only_then(tmp_path: Path) -> None:
    folder = theme_files.ThemeFolder(tmp_path)
    assert folder.changes() == ([], [])
    file = tmp_path / "mine.toml"
    file.write_text(DARK, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no theme", encoding="utf-8")
    assert [each.name for each in folder.changes()[0]] == ["mine"]
    assert folder.changes() == ([], [])
    file.write_text(DARK + "purple", encoding="utf-8")
    assert len(folder.changes()[1]) == 1
    assert folder.changes() == ([], [])


@pytest.mark.parametrize("folder", [None, Path("/nowhere")])
def test_a_person_may_have_no_themes_of_their_own(folder: Path | None) -> None:
    assert theme_files.ThemeFolder(folder).changes() == ([], [])


def test_settings_are_kept(tmp_path: Path) -> None:
    remembered.save(tmp_path / "new", remembered.Settings(theme="light"))
    assert remembered.load(tmp_path / "new") == (remembered.Settings(theme="light"), "")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["settings.json"]


def test_settings_are_for_the_user_alone_and_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "settings.json").symlink_to("../elsewhere.json")
    remembered.save(tmp_path / "state", remembered.Settings(theme="light"))
    assert (tmp_path / "state" / "settings.json").is_symlink()
    assert (tmp_path / "elsewhere.json").stat().st_mode & 0o777 == 0o600
    assert remembered.load(tmp_path / "state")[0].theme == "light"


@pytest.mark.parametrize("text", ["{", '{"theme": 3}', "\x00"])
def test_unreadable_settings_are_ignored_with_a_notice(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    kept, trouble = remembered.load(tmp_path)
    assert kept == remembered.Settings()
    assert "settings.json" in trouble


async def test_only_a_theme_that_is_chosen_is_remembered(home: Path) -> None:
    async with opened(Stage()) as screen:
        assert list(screen.app.available_themes) == BUILT_IN
        assert screen.app.theme == "dark"
        await look_for_a_theme(screen)
        await screen.press("down")
        await screen.until(lambda: screen.app.theme == "colour-blind-safe")
        await screen.press("escape")
        await screen.until(lambda: screen.app.theme == "dark")
        assert remembered.load(home / "state")[0].theme == ""
        await look_for_a_theme(screen)
        in_dark = screen.app.screen.styles.color
        await screen.press(*"ligh")
        await screen.until(lambda: screen.app.theme == "light" and screen.app.screen.styles.color != in_dark)
        await screen.press("enter")
        await screen.until(lambda: remembered.load(home / "state")[0].theme == "light")
        assert screen.app.theme == "light"


async def look_for_a_theme(screen: Screen) -> None:
    screen.app.search_themes()
    await screen.shows(*BUILT_IN)


async def test_a_theme_is_drawn_anew_when_its_file_changes(home: Path) -> None:
    file = home / "config" / "themes" / "mine.toml"
    file.parent.mkdir(parents=True)
    file.write_text(DARK, encoding="utf-8")
    remembered.save(home / "state", remembered.Settings(theme="mine"))
    async with opened(Stage()) as screen:
        assert screen.app.theme == "mine"
        file.write_text(DARK.replace("#14161b", "#203040"), encoding="utf-8")
        await screen.until(lambda: screen.app.screen.styles.background.hex == "#203040")
        file.write_text(DARK.replace("#14161b", "#20304"), encoding="utf-8")
        await screen.shows("Theme ignored: mine.toml:")
        assert screen.app.screen.styles.background.hex == "#203040"


async def test_a_theme_that_is_gone_is_replaced_with_a_notice(home: Path) -> None:
    remembered.save(home / "state", remembered.Settings(theme="gone"))
    async with opened(Stage()) as screen:
        assert screen.app.theme == "dark"
        await screen.shows("There is no theme 'gone'")


def test_the_readme_has_a_theme_with_every_key() -> None:
    example = (ROOT / "README.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    assert theme_files.read("example.toml", example).background == "#14161B"
    keys = [line.partition(" ")[0] for line in example.splitlines() if line]
    assert sorted(keys) == sorted(theme_files.KEYS)


def test_a_theme_may_name_the_colours_of_modes_or_have_them_mixed() -> None:
    three_modes = DARK.partition("as-written")[0]
    variables = theme_files.read("mine.toml", f'{three_modes}\nas-written = "#123456"\n').variables
    assert variables["mode-as-written"] == "#123456"
    assert {f"mode-{mode}" for mode in MODES} <= variables.keys()
