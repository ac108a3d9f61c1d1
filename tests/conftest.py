"""How the tests are run: which are left out, in how many processes, for how long at most."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import settings

from tests.signals import catch_ignored_signals

settings.register_profile("untimed", deadline=None)  # no test fails because the machine is busy
settings.load_profile("untimed")

PROCESSES = 4
"""Two for each core of a small machine, since tests wait for screens and other processes as long as they compute."""

USES_A_WORKER = frozenset({"clustering", "driver"})
"""Fixtures that start a worker, which imports TensorFlow."""

TIMEOUT_OF_SLOW_S = 1200.0


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Leave slow tests out unless `-m` names them, and use PROCESSES processes unless the command line says otherwise.

    An option in pyproject.toml would be replaced by any other `-m`, and be unknown to pytest under `-p no:xdist`.
    """
    option = config.option
    if not re.search(r"\bslow\b", option.markexpr):
        option.markexpr = f"({option.markexpr}) and not slow" if option.markexpr else "not slow"
    is_told = getattr(option, "numprocesses", 0) is not None or option.dist != "no" or option.tx
    workerinput = getattr(config, "workerinput", None)
    if not (
        is_told or workerinput or option.usepdb or option.collectonly or config.getoption("update_snapshots", False)
    ):
        option.numprocesses, option.dist = PROCESSES, "loadgroup"
    if workerinput:
        option.loadgroup = workerinput["dist"] == "loadgroup"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each process how tests are shared out: pytest-xdist gives it the words of the command line alone."""
    node.workerinput["dist"] = node.config.option.dist


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what needs TensorFlow, say what stays together in one process, and give slow tests more time.

    Tests that import TensorFlow themselves stay together, so that one process imports it; those that need a worker stay
    with the others of their module, so that they share its workers.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "tf" in fixtures or USES_A_WORKER & fixtures:
            item.add_marker("tensorflow")
        if item.get_closest_marker("tensorflow") and not item.get_closest_marker("xdist_group"):
            group = "tensorflow" if "tf" in fixtures else item.path.stem
            item.add_marker(pytest.mark.xdist_group(group))
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(TIMEOUT_OF_SLOW_S))


@pytest.fixture(autouse=True, scope="session")
def own_configuration_and_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the configuration and the state of the person who runs the tests out of them, and untouched."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in os.environ:
            if name.startswith("TFJIT_TUI_"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("TFJIT_TUI_CONFIG_DIR", str(tmp_path_factory.mktemp("config")))
        monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True, scope="session")
def default_signals() -> Iterator[None]:
    """Let the programs that tests start begin with the default signals, also under `nohup` or in the background."""
    with catch_ignored_signals():
        yield


@pytest.fixture(scope="session")
def tf() -> Any:
    """TensorFlow, imported once and late: most tests do without."""
    import tensorflow as tf

    return tf
