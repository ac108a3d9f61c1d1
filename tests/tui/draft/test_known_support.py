"""What was found by `tfjit-tui support` is said of what is set up, before it is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.analysis.support import Ending, Place, Support, SupportFile, code_of
from bench.catalogue import find
from bench.plan import Case
from tests.tui.stage import LOADED, Stage, opened

ENDINGS = (Ending("eager", "ok"), Ending("xla", "unsupported", "op StringJoin"))


def remember(home: Path, tensorflow: str) -> None:
    place = Place(tensorflow, "A Processor")
    folder = home / "state"
    folder.mkdir()
    SupportFile(folder / "support.json").keep([Support(place, "matmul", code_of(find("matmul")), ENDINGS)])


async def test_what_is_known_here_is_read_once_and_said_only_of_what_is_set_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(home, "2.21.0")
    async with opened(Stage(*LOADED)) as screen:
        await screen.shows("Known here: XLA cannot compile it (op StringJoin).")
        monkeypatch.setattr(SupportFile, "__init__", lambda *_: pytest.fail("it was read again"))
        await screen.app.screen.setup.take(Case("softmax"))  # type: ignore[attr-defined]
        await screen.until(lambda: "Known here" not in screen.text)
        await screen.app.screen.setup.take(Case("matmul"))  # type: ignore[attr-defined]
        await screen.shows("Known here: XLA cannot compile it (op StringJoin).")


async def test_nothing_is_said_of_another_tensorflow(home: Path) -> None:
    remember(home, "2.18.0")
    async with opened(Stage(*LOADED)) as screen:
        await screen.shows("ready", "Press r to measure.")
        assert "Known here" not in screen.text
