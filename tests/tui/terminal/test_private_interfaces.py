"""Textual's private interfaces: each in use is listed here once, and is used in tui/terminal and tui/app alone."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import textual

import tui

PRIVATE: Mapping[str, str] = {
    "textual._compositor:CompositorUpdate": "tell a frame from other output, and write less of it",
    "textual._parser:Parser": "start the parser of keys anew after a sequence that it cannot read",
    "textual._xterm_parser:XTermParser": "read keys as Textual does",
    "textual.app:App._display": "write of each frame only what the terminal does not show",
    "textual.app:App._driver": "hand the terminal back, and ask for the size of its window",
    "textual.app:App._exception": "tell why the application ended",
    "textual.app:App._exit": "know that the application is ending",
    "textual.app:App._fatal_error": "end without the traceback that Textual prints",
    "textual.app:App._handle_exception": "end the application over an error in the input thread",
    "textual.app:App._unnotify": "draw what was beneath a toast",
    "textual.driver:Driver._app": "report an error of the input thread to the application",
    "textual.message_pump:MessagePump._close_messages_no_wait": "end after an error",
    "textual.screen:Screen._compositor": "take a picture of a screen",
    "textual.widget:Widget._scroll_update": "fit a scrollbar without laying out the screen",
}
"""What is used, and what for."""

THEIRS = re.compile(r"\b(?:def |self\.|cls\.)(_[a-z]\w*)")

MAY_USE = ("tui/app/", "tui/terminal/")


@pytest.mark.parametrize("interface", PRIVATE)
def test_textual_still_has(interface: str) -> None:
    module, _, path = interface.partition(":")
    name, _, attribute = path.partition(".")
    lost = f"Textual {textual.__version__} has no {interface} any more, which is used to {PRIVATE[interface]}"
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        pytest.fail(lost)
    assert not attribute or attribute in private_names(found), lost


def test_private_interfaces_are_used_where_they_may_be_and_all_of_them_are_listed() -> None:
    used = {path: names for path, names in uses() if names}
    assert {path for path in used if not path.startswith(MAY_USE)} == set(), used
    assert set().union(*used.values()) == {interface.rpartition(":")[2].rpartition(".")[2] for interface in PRIVATE}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from textual._compositor import Compositor", "Compositor"),
        ("import textual._compositor", "textual._compositor"),
        ("def picture(screen):\n    return screen._compositor", "_compositor"),
        ("from textual.app import App\nclass Ours(App):\n    def _display(self): ...", "_display"),
        ("from textual.app import App\nclass Ours(App):\n    def on_key(self): self._exit = True", "_exit"),
        (
            "from textual.widget import Widget\nclass Ours(Widget):\n    def f(self): super()._size_updated()",
            "_size_updated",
        ),
    ],
)
def test_a_use_is_found(code: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "using.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "using", raising=False)
    inherited.cache_clear()
    assert names_used("using", tmp_path / "using.py", own=frozenset()) == {name}


def test_a_name_of_our_own_is_no_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apart.py").write_text("class Ours:\n    def f(self, other): self._screen = other._screen")
    monkeypatch.syspath_prepend(tmp_path)
    assert names_used("apart", tmp_path / "apart.py", own=frozenset({"_screen"})) == set()


# --- how a use is found ---------------------------------------------------------------------------------------------


def uses() -> Iterator[tuple[str, set[str]]]:
    """Yield each file of tui/ and the private names of Textual that it uses."""
    root = Path(tui.__file__).parents[1]
    names = [found.name for found in pkgutil.walk_packages(tui.__path__, "tui.") if not found.name.endswith("__main__")]
    files = {name: Path(str(importlib.import_module(name).__file__)) for name in names}
    own = frozenset(name for module in files for name in own_names(module, files[module]))
    for module, file in files.items():
        yield file.relative_to(root).as_posix(), names_used(module, file, own)


def names_used(module: str, file: Path, own: frozenset[str]) -> set[str]:
    """Return the private names of Textual that a file imports, reads, sets or overrides.

    Of an object whose class is not known, a name counts if Textual has it and tui/ has none of its own: `own`.
    """
    tree, bases = ast.parse(file.read_text(encoding="utf-8")), inherited(module)
    used = set(imports(tree))
    for class_name, node in scoped(tree):
        name = private_name(node)
        is_of_another = isinstance(node, ast.Attribute) and name in names_of_textual() - own
        if name in bases[class_name] or is_of_another:
            used.add(name)
    return used


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "textual":
            is_private = "._" in str(node.module)
            yield from (alias.name for alias in node.names if is_private or alias.name.startswith("_"))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("textual") and "._" in alias.name)


def scoped(node: ast.AST, class_name: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield every node below this one, with the name of the class around it."""
    for child in ast.iter_child_nodes(node):
        yield class_name, child
        yield from scoped(child, child.name if isinstance(child, ast.ClassDef) else class_name)


def private_name(node: ast.AST) -> str:
    """Return the private name that a node reads, sets or defines; empty if there is none."""
    match node:
        case ast.Attribute(attr=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name if is_private(name) else ""
    return ""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


@cache
def inherited(module: str) -> Mapping[str, set[str]]:
    """Return the private names that each class of a module inherits from Textual."""
    found: dict[str, set[str]] = defaultdict(set)
    for value in vars(importlib.import_module(module)).values():
        if isinstance(value, type) and value.__module__ == module:
            theirs = (base for base in value.__mro__ if base.__module__.split(".")[0] == "textual")
            found[value.__name__] = {name for base in theirs for name in private_names(base)}
    return found


def own_names(module: str, file: Path) -> set[str]:
    """Return the private names that a file of ours defines and that Textual's base classes do not have."""
    bases = inherited(module)
    return {
        name
        for class_name, node in scoped(ast.parse(file.read_text(encoding="utf-8")))
        for name in defined(node)
        if name not in bases[class_name]
    }


@cache
def private_names(kind: type) -> frozenset[str]:
    """Return the private names of a class itself: of its body, and those that its methods set."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError):
        return frozenset(filter(is_private, vars(kind)))
    return frozenset([*filter(is_private, vars(kind)), *(name for node in ast.walk(tree) for name in defined(node))])


@cache
def names_of_textual() -> frozenset[str]:
    """Return all private names that Textual defines or reads of its own objects."""
    files = Path(textual.__file__).parent.rglob("*.py")
    return frozenset(name for file in files for name in THEIRS.findall(file.read_text(encoding="utf-8")))


def defined(node: ast.AST) -> Iterator[str]:
    """Yield the private name that a node defines, of an object or as a function, if it does."""
    match node:
        case (
            ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.Attribute(attr=name, ctx=ast.Store(), value=ast.Name(id="self" | "cls"))
            | ast.AnnAssign(target=ast.Name(id=name))
        ) if is_private(name):
            yield name
