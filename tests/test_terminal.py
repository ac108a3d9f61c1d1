"""The terminal that tests sit at tells a program that ended from one that hangs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import terminal
from tests.terminal import EndedError, Terminal


def test_a_program_that_ended_is_told_from_one_that_hangs(tmp_path: Path) -> None:
    with Terminal(home=tmp_path, program=("-c", "print('gone')")) as window, pytest.raises(EndedError, match="gone"):
        window.shows("never")


def test_of_a_program_that_hangs_the_stacks_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "PATIENCE_S", 1.0)
    waits = "def await_nothing():\n    print('here', flush=True)\n    input()\nawait_nothing()"
    with Terminal(home=tmp_path, program=("-c", waits)) as window:
        window.shows("here")
        with pytest.raises(AssertionError, match=r"(?s)in vain for 'never'.*line 3 in await_nothing") as failure:
            window.shows("never")
        assert not isinstance(failure.value, EndedError)
