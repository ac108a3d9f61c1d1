"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # no test fails because the machine is busy
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def nothing_settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the configuration and the state of the person who runs the tests out of them, and untouched."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in os.environ:
            if name.startswith("TFJIT_TUI_"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("TFJIT_TUI_CONFIG_DIR", str(tmp_path_factory.mktemp("config")))
        monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield
