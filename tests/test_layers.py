"""Layers: each room imports only the rooms that the table allows, and no arrow runs up.

Imports within functions and under TYPE_CHECKING count, and so do names of modules in strings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

TABLE = {
    # What both sides of the wire share.
    "bench": "",
    "bench.files": "",
    "bench.events": "bench",
    "bench.catalogue": "bench bench.events",
    # The worker: the far side.
    "bench.worker.reasons": "bench",
    "bench.worker.errors": "bench bench.worker.reasons",
    "bench.worker.channel": "bench.events",
    "bench.worker.machine": "bench bench.events",
    "bench.worker.workloads": "bench bench.catalogue bench.worker.errors",
    "bench.worker.modes": "bench bench.catalogue bench.worker.errors bench.worker.workloads",
    "bench.worker.measurement": "bench bench.events",
    "bench.worker.checks": (
        "bench bench.events bench.catalogue bench.worker.errors bench.worker.channel bench.worker.modes"
    ),
    "bench.worker.case": (
        "bench bench.events bench.catalogue bench.worker.errors bench.worker.channel bench.worker.machine "
        "bench.worker.workloads bench.worker.modes bench.worker.measurement bench.worker.checks"
    ),
    "bench.worker.serve": (
        "bench bench.events bench.catalogue bench.worker.errors bench.worker.channel bench.worker.machine "
        "bench.worker.workloads bench.worker.modes bench.worker.case"
    ),
    "bench.worker": "bench bench.events bench.catalogue bench.worker.channel bench.worker.machine bench.worker.serve",
    # The near side of bench.
    "bench.plans": "bench bench.files bench.catalogue",
    "bench.session": "bench bench.events bench.plans",
    "bench.engine": "bench bench.events bench.session",
    "bench.analysis": "bench bench.files bench.events bench.catalogue bench.plans bench.session",
    "bench.report": "bench bench.files bench.events bench.catalogue bench.plans bench.session bench.analysis",
    # The screen.
    "tui.terminal": "bench",
    "tui.config": "bench bench.files bench.catalogue bench.plans bench.engine",
    "tui.actions": "bench bench.session",
    "tui.draft": "bench bench.events bench.catalogue bench.plans bench.session bench.analysis tui.config",
    "tui.presentation": (
        "bench bench.events bench.session bench.engine bench.analysis bench.report tui.config tui.actions"
    ),
    "tui.widgets.drawing": "bench tui.presentation",
    "tui.widgets.panels": (
        "bench bench.events bench.catalogue bench.plans bench.session bench.analysis tui.actions tui.draft "
        "tui.presentation tui.widgets.drawing"
    ),
    "tui.widgets.setup": (
        "bench bench.events bench.catalogue bench.plans tui.config tui.actions tui.draft tui.presentation "
        "tui.widgets.drawing"
    ),
    "tui.widgets": "bench.session tui.terminal tui.presentation tui.widgets.drawing",
    "tui.screens.background": "",
    "tui.screens.closing": "",
    "tui.screens.dialogs": (
        "bench bench.files bench.events bench.plans bench.session bench.analysis bench.report tui.config "
        "tui.actions tui.draft tui.presentation tui.widgets.drawing tui.widgets.panels tui.widgets.setup "
        "tui.widgets tui.screens.background tui.screens.closing"
    ),
    "tui.screens.history": (
        "bench bench.session bench.analysis tui.actions tui.presentation tui.widgets.drawing tui.widgets.panels "
        "tui.widgets tui.screens.background tui.screens.closing tui.screens.dialogs"
    ),
    "tui.screens.main": (
        "bench bench.events bench.plans bench.session tui.terminal tui.config tui.actions tui.draft "
        "tui.presentation tui.widgets.drawing tui.widgets.panels tui.widgets.setup tui.widgets "
        "tui.screens.background tui.screens.closing tui.screens.dialogs tui.screens.history"
    ),
    "tui.screens": "",
    "tui.app": (
        "bench bench.events bench.plans bench.session bench.engine bench.analysis bench.report tui.terminal "
        "tui.config tui.actions tui.presentation tui.screens.closing tui.screens.dialogs tui.screens.main"
    ),
    # The command line.
    "tui.cli.console": "bench bench.files tui.presentation",
    "tui.cli.crash_report": "bench tui.config tui.cli.console",
    "tui.cli.options": (
        "bench bench.files bench.events bench.catalogue bench.plans bench.session bench.engine bench.report "
        "tui.config tui.draft tui.cli.console"
    ),
    "tui.cli.gate": "bench bench.plans bench.session bench.analysis tui.presentation tui.cli.console",
    "tui.cli.report": (
        "bench bench.events bench.catalogue bench.plans bench.session bench.analysis bench.report tui.presentation"
    ),
    "tui.cli.startup": (
        "bench bench.session bench.engine tui.terminal tui.config tui.app tui.cli.console tui.cli.crash_report "
        "tui.cli.options"
    ),
    "tui.cli.screen_loop": "bench bench.events bench.session bench.engine tui.config tui.cli.options tui.cli.startup",
    "tui.cli.measure": (
        "bench bench.files bench.events bench.catalogue bench.plans bench.session bench.engine bench.analysis "
        "bench.report tui.config tui.presentation tui.cli.console tui.cli.options tui.cli.gate tui.cli.report "
        "tui.cli.startup"
    ),
    "tui.cli.compare": (
        "bench bench.plans bench.session bench.analysis bench.report tui.presentation tui.cli.gate tui.cli.report"
    ),
    "tui.cli.commands": (
        "bench bench.files bench.catalogue bench.plans bench.session bench.analysis bench.report tui.config "
        "tui.presentation tui.cli.console tui.cli.options tui.cli.gate tui.cli.report tui.cli.startup "
        "tui.cli.screen_loop tui.cli.measure tui.cli.compare"
    ),
    "tui.cli": "bench tui.config tui.cli.console tui.cli.options tui.cli.startup tui.cli.screen_loop tui.cli.commands",
    "tui": "tui.cli",
}
"""Each room and the rooms that it may import, from the bottom to the top.

A folder that is not named belongs to the room that contains it.
"""

ROOMS = {room: tuple(allowed.split()) for room, allowed in TABLE.items()}

MODULE_NAME = re.compile(r"(bench|tui)(\.[a-z_]+)+")


def room_of(module: str) -> str:
    """Return the room that a module belongs to."""
    while module and module not in ROOMS:
        module = module.rpartition(".")[0]
    return module


def module_of(path: Path) -> str:
    """Return a file's module; the package of an `__init__.py`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for top in ("bench", "tui") for path in sorted((ROOT / top).rglob("*.py"))}

PUBLIC_FACES = {"bench"}
"""Packages whose `__init__.py` imports from rooms above, for those who import the package."""


def imported_by(module: str) -> Iterator[str]:
    """Yield every module of this project that a module imports, anywhere in its file."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: 1 - node.level or None] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                yield from [name for name in (f"{base}.{alias.name}", base) if name in MODULES][:1]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and MODULE_NAME.fullmatch(node.value):
            yield from [node.value] if node.value in MODULES else []


def imports_of(room: str) -> set[tuple[str, str]]:
    """Return (importing module, imported module) for every import of a room from another."""
    modules = [module for module in MODULES.keys() - PUBLIC_FACES if room_of(module) == room]
    pairs = {(module, name) for module in modules for name in imported_by(module)}
    return {(module, name) for module, name in pairs if room_of(name) != room}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_the_table_allows(room: str) -> None:
    found = [f"{module} imports {name}" for module, name in imports_of(room) if room_of(name) not in ROOMS[room]]
    assert found == [], f"{room} may import: {TABLE[room]}"


@pytest.mark.parametrize("room", ROOMS)
def test_the_table_allows_no_more_than_a_room_needs(room: str) -> None:
    assert set(ROOMS[room]) - {room_of(name) for _, name in imports_of(room)} == set()


def test_no_arrow_of_the_table_runs_up() -> None:
    order = list(ROOMS)
    up = [
        (room, below) for room, allowed in ROOMS.items() for below in allowed if order.index(below) >= order.index(room)
    ]
    assert up == []


@pytest.mark.parametrize("folder", [module for module, path in MODULES.items() if path.name == "__init__.py"])
def test_every_room_says_what_lives_there(folder: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[folder].read_text(encoding="utf-8")))
