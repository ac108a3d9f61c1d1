"""The user's own modules: each read afresh, with what it imports from beside it, as `python FILE.py` would."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from ... import catalogue
from ...plan import PlanError
from ...suggest import instead_of

FILE_MODULE = "__tfjit_file__"

OURS = "bench"
"""The name by which a user's file imports `workload`, unless a module of its own is called so."""

HOME = os.getcwd()  # noqa: PTH109 - a string, as the path has them
"""What names are relative to, wherever a user's file may have gone since."""

MOST_NAMES = 30
"""So many functions of a file are named where one is missing."""

_last_directory = ""
"""As global as the interpreter's path and modules, which it tells about."""


def go_home() -> None:
    """Go back to where the worker was started, if that is still there."""
    with contextlib.suppress(OSError):
        os.chdir(HOME)


def is_read_afresh(name: str) -> bool:
    """Tell whether a module is loaded anew the next time that user code is read."""
    return name == FILE_MODULE or (bool(_last_directory) and _lies_in(_last_directory, name, sys.modules.get(name)))


def path_of_others() -> tuple[str, ...]:
    """Return where modules are looked for, without the directory that reading has put there."""
    path = list(sys.path)
    if _last_directory in path:
        path.remove(_last_directory)
    return tuple(path)


def read_file(path: str) -> ModuleType:
    """The module in a file. Raises PlanError where there is none; what the file itself raises passes through."""
    go_home()
    path = os.path.abspath(os.path.expanduser(path))  # noqa: PTH100, PTH111 - as the shell would name it
    spec = importlib.util.spec_from_file_location(FILE_MODULE, path)
    if spec is None or spec.loader is None or not Path(path).is_file():
        raise PlanError(f"there is no Python file {path}")
    with _back_where_it_fails():
        _enter(os.path.dirname(path))  # noqa: PTH120
        module = importlib.util.module_from_spec(spec)
        sys.modules[FILE_MODULE] = module
        spec.loader.exec_module(module)
        return module


def read_module(name: str) -> ModuleType:
    """An importable module; one below the current directory is read afresh. Raises PlanError where there is none."""
    go_home()
    try:
        with _back_where_it_fails():
            _enter(HOME)
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise PlanError(f"there is no module {name!r}") from None
        raise


def attribute(module: ModuleType, path: str, place: str) -> tuple[Any, Any]:
    """Return what `path` names in a module, such as `step` or `model.call`, and what that is an attribute of.

    The module itself is told as None. Raises PlanError with the names that there are.
    """
    value: Any = module
    owner: Any = None
    for name in path.split("."):
        if not hasattr(value, name):
            names = _names(value)
            others = f"choose from {', '.join(names[:MOST_NAMES])}" if names else "it has none"
            raise PlanError(f"{place} has no function {path!r}: {instead_of(name, names, others)}")
        owner, value = value, getattr(value, name)
    return value, None if owner is module else owner


def _names(value: Any) -> list[str]:
    """Return the names of what can be called in a module of the user's, or in an object."""
    if not isinstance(value, ModuleType):
        return [name for name in dir(value) if not name.startswith("_")]
    public = {name: each for name, each in vars(value).items() if not name.startswith("_")}
    own = [name for name, each in public.items() if _is_from(value, each)]
    return own or [name for name, each in public.items() if callable(each)]  # a package of others' names


def _is_from(module: ModuleType, value: Any) -> bool:
    """Tell whether a module defines this, which can be called; an instance may be of a class from elsewhere."""
    if not callable(value) or inspect.isclass(value):
        return False
    return not inspect.isroutine(value) or getattr(value, "__module__", None) == module.__name__


@contextlib.contextmanager
def _back_where_it_fails() -> Iterator[None]:
    """Have what was read before, whose functions may still be called, find its own modules where reading fails."""
    before, directory = dict(sys.modules), _last_directory
    try:
        yield
    except BaseException:
        if directory == _last_directory:
            for name in [*sys.modules]:
                if name not in before and is_read_afresh(name):
                    del sys.modules[name]
            sys.modules.update(before)
        raise


def sources() -> Mapping[str, tuple[int, int]]:
    """Return size and time of each file that was read afresh, by its path: what is the same has not been edited."""
    found = {}
    for name, module in [*sys.modules.items()]:
        file = getattr(module, "__file__", None)
        if file and is_read_afresh(name):
            with contextlib.suppress(OSError):
                status = os.stat(file)  # noqa: PTH116
                found[str(file)] = (status.st_size, status.st_mtime_ns)
    return found


def is_importing_once() -> bool:
    """Tell whether a module of the user's is being imported that will not be read again in this process."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not _is_import(frame):
        frame = frame.f_back
    name = frame.f_globals.get("__name__", "") if frame is not None else ""
    is_ours = name.partition(".")[0] in ("", __name__.partition(".")[0])
    return not is_ours and not is_read_afresh(name)


def _is_import(frame: FrameType) -> bool:
    """Tell whether a frame is that of a module, run by the import system."""
    caller = frame.f_back.f_code.co_filename if frame.f_back else ""
    return frame.f_code.co_name == "<module>" and caller.startswith("<frozen importlib")


def _enter(directory: str) -> None:
    """Put a directory first on the path, and undo what reading from the last one did to the interpreter."""
    global _last_directory
    last, _last_directory = _last_directory, directory
    sys.modules.pop(FILE_MODULE, None)
    if last:
        if last in sys.path:
            sys.path.remove(last)
        for name, module in list(sys.modules.items()):
            if _lies_in(last, name, module):
                del sys.modules[name]
        importlib.invalidate_caches()
    sys.path.insert(0, directory)
    _answer_to_our_name(directory)


class ModulesInTurn:
    """Has the modules of one of two implementations loaded at a time, each with its own of what both call alike.

    A function may import a module from beside its file only when it is called.
    """

    def __init__(self) -> None:
        self._is_old = False
        self._kept: dict[bool, tuple[str, dict[str, ModuleType]]] = {}
        self._count = 0
        """Counts the modules that were loaded when it last looked at all of them: they are thousands."""

    def enter(self, *, is_old: bool) -> None:
        """Have those of the old or of the new one loaded, as they were when the other's took their place."""
        global _last_directory
        if is_old == self._is_old:
            return
        if self._is_old not in self._kept or len(sys.modules) != self._count:
            loaded = {name: module for name, module in [*sys.modules.items()] if is_read_afresh(name)}
            self._kept[self._is_old] = _last_directory, loaded
        if is_old in self._kept:
            for name in self._kept[self._is_old][1]:
                sys.modules.pop(name, None)
            directory, modules = self._kept[is_old]
            if directory != _last_directory:
                sys.path[:] = [directory if each == _last_directory else each for each in sys.path]
                _last_directory = directory
            sys.modules.update(modules)
        self._is_old, self._count = is_old, len(sys.modules)


def _lies_in(directory: str, name: str, module: Any) -> bool:
    """Whether `directory` is where the module was found; a virtual environment below it is another place."""
    place = os.path.join(directory, *name.split("."))  # noqa: PTH118
    file = getattr(module, "__file__", None)
    found = [file] if file else list(getattr(module, "__path__", ()))
    return any(str(path) == place or str(path).startswith((f"{place}.", f"{place}/__init__.")) for path in found)


def _answer_to_our_name(directory: str) -> None:
    """Have `from bench import workload` give the one that this side knows."""
    if catalogue.__name__ == f"{OURS}.catalogue":
        return
    for name in (OURS, f"{OURS}.catalogue"):
        sys.modules.pop(name, None)
    if not any(Path(directory, name).exists() for name in (OURS, f"{OURS}.py")):
        ours = ModuleType(OURS)
        ours.__dict__.update(workload=catalogue.workload, catalogue=catalogue, __path__=[])
        sys.modules.update({OURS: ours, f"{OURS}.catalogue": catalogue})
