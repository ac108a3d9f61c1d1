"""Refuse code that is not there, before anything is started: as far as its file shows, which is never run."""

from __future__ import annotations

import ast
import os
import pkgutil
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path

from ..input_text import bind, maker_of, parse_inputs
from ..plan import KERAS_METHODS, MODELS, Case, PlanError, is_own
from ..suggest import did_you_mean, instead_of, nearest
from .code_names import CodeFile, is_plain_class, method_of, needs_arguments, signature_of
from .saved_model import SavedModel
from .user_code_paths import module_files

ONE_COLON = re.compile(r"(?P<file>.+\.py):(?P<path>[^:]+)")

SAVED_MODEL = "saved_model.pb"
"""Lists the files in a SavedModel's directory."""

MOST_NAMES = 30
"""Limits how many names an error lists."""

HIDES_MODULES = re.compile(
    r"__path__|sys\.modules|meta_path|import_module|importlib|__getattr__|exec\(|lazy", re.IGNORECASE
)
"""A package whose text has one of these may have modules that are no files."""


@dataclass(frozen=True)
class Reach:
    """What of the far sides is known here: whether they read the same files, and whether they are this Python."""

    files: bool = True
    modules: bool = True

    @classmethod
    def of(cls, far: Iterable[str], python: Iterable[str]) -> Reach:
        """Return the reach of far sides with these commands and Pythons; none means this Python."""
        return cls(files=not tuple(far), modules=not tuple(far) and not tuple(python))


class MissingError(PlanError):
    """A file, directory or module that is not there; it may be by the time that it is needed."""


def check_code(cases: Iterable[Case], reach: Reach, *, may_come: bool = False) -> None:
    """Raise PlanError for the first case whose code, or inputs, cannot be what was meant.

    `may_come`: what is missing may be there later, as nothing is to be measured now.
    """
    for workload, inputs, by_name in dict.fromkeys(
        (name, case.inputs, case.inputs_by_name) for case in cases for name in _present(case) if is_own(name)
    ):
        try:
            _check(workload, inputs, reach, by_name=by_name)
        except MissingError:
            if not may_come:
                raise


def _present(case: Case) -> tuple[str, ...]:
    """Return the names of the code that is read as it is now: a revision's may no longer be there."""
    return (case.workload,) if case.against_ref else case.code


def _check(workload: str, inputs: str, reach: Reach, *, by_name: bool) -> None:
    place, separator, path = workload.partition("::")
    parse_inputs(inputs, maker_of(workload))
    if place.endswith(".py"):
        if reach.files:
            file = _absolute(place)
            if _is_missing(file):
                stems = [name.removesuffix(".py") for name in _beside(file, (".py",))]
                near = [f"{stem}.py" for stem in nearest(file.stem, stems)]
                raise MissingError(f"there is no Python file {file}{f': {did_you_mean(near)}' if near else ''}")
            _check_names(place, file, path, inputs, by_name=by_name)
    elif separator or "/" in place or place.endswith(MODELS):
        if reach.files:
            _check_model(place, path)
    else:
        _check_module(workload, inputs, reach, by_name=by_name)


# --- files and modules ------------------------------------------------------------------------------------------------


def _check_names(
    place: str, file: Path, path: str, inputs: str, *, by_name: bool, others: frozenset[str] = frozenset()
) -> None:
    """Raise PlanError where a file shows that it has no such function, or that it takes no such inputs.

    `others`: names that it has beside those which it defines.
    """
    code = CodeFile.read(file)
    first, _, rest = path.partition(".")
    if not path:
        named = f": {', '.join(code.callables[:MOST_NAMES])}" if code else ""
        raise PlanError(f"{place} is a file: name a function in it, as {place}::FUNCTION{named}")
    if code is None or code.is_open or first in others or (first.startswith("__") and first.endswith("__")):
        return
    if first not in code.names:
        names = code.callables
        offered = f"choose from {', '.join(names[:MOST_NAMES])}" if names else "it has none"
        raise PlanError(f"{place} has no function {path!r}: {instead_of(first, names, offered)}")
    definition = code.definition(first)
    separator = "::" if place.endswith(".py") else ":"
    if definition is None:
        return
    if isinstance(definition, ast.FunctionDef):
        signature = signature_of(definition)
        if inputs and by_name and not rest and signature is not None:
            bind(parse_inputs(inputs, maker_of(first)), signature, first)
        return
    if not is_plain_class(definition) or (rest and method_of(definition, rest) is None):
        return
    made = code.instance_of(first) or first.lower()
    given = "..." if needs_arguments(definition) else ""
    how = "" if code.instance_of(first) else f", made at the top of the file as {made} = {first}({given})"
    if rest:
        named = f"{place}{separator}{made}.{rest}"
        raise PlanError(f"{path} is a method of a class: name that of an instance{how}: {named}")
    raise PlanError(f"{path} is a class: name an instance of it{how}: {place}{separator}{made}")


def _check_module(workload: str, inputs: str, reach: Reach, *, by_name: bool) -> None:
    """Raise PlanError for MODULE:FUNCTION where there is no such module, or no such function in it."""
    module, _, path = workload.partition(":")
    if not module or not path or ":" in path:
        raise PlanError(f"{workload} is no function: name one as MODULE:FUNCTION or FILE.py::FUNCTION")
    if (match := ONE_COLON.fullmatch(workload)) and not any(each.is_file() for each in module_files(module)):
        raise PlanError(f"{workload} has one colon: did you mean {match['file']}::{match['path']}?")
    if module.partition(".")[0] in sys.stdlib_module_names or not reach.files:
        return
    here = next((each for each in module_files(module) if each.is_file()), None)
    if here is None:
        found = _find(module) if reach.modules else None
        here = Path(found.origin) if found and found.has_location and found.origin else None
    if here is not None and here.suffix == ".py":
        others = frozenset(each.name for each in pkgutil.iter_modules([str(here.parent)]))
        others = others if here.name == "__init__.py" else frozenset()
        _check_names(module, here, path, inputs, by_name=by_name, others=others)


def _find(module: str) -> ModuleSpec | None:
    """Return where a module lies, without importing any; None where that is not certain. Raises PlanError."""
    top, *names = module.split(".")
    directory = os.getcwd()  # noqa: PTH109 - as the path has it
    try:
        spec = PathFinder.find_spec(top, [directory]) or find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        raise MissingError(f"there is no module {top!r}{_near(top, [directory], '')}")
    for number, name in enumerate(names, start=1):
        package, places = ".".join([top, *names[: number - 1]]), spec.submodule_search_locations
        if places is None:
            is_module = spec.origin and not _may_hide_modules(spec)
            if not is_module:
                return None
            rest = ".".join(names[number - 1 :])
            raise PlanError(f"there is no module {module!r}: {package} is a module: did you mean {package}:{rest}?")
        inner = PathFinder.find_spec(f"{package}.{name}", places)
        if inner is None:
            if _may_hide_modules(spec):
                return None
            raise MissingError(f"there is no module {f'{package}.{name}'!r}{_near(name, list(places), f'{package}.')}")
        spec = inner
    return spec


def _may_hide_modules(spec: ModuleSpec) -> bool:
    """Tell whether a module's text says that it may have modules which are no files."""
    if spec.origin is None or not spec.origin.endswith(".py"):
        return spec.origin is not None  # a package without a file is its directories alone
    try:
        return bool(HIDES_MODULES.search(Path(spec.origin).read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return True


def _near(name: str, places: list[str], before: str) -> str:
    """Return the question that suggests modules with names like this one; empty if there is none."""
    near = nearest(name, [each.name for each in pkgutil.iter_modules(places)])
    return f": {did_you_mean(f'{before}{each}' for each in near)}" if near else ""


# --- models -----------------------------------------------------------------------------------------------------------


def _check_model(place: str, part: str) -> None:
    """Raise PlanError where there is no such model, or it is none."""
    if not place:
        raise PlanError(f"::{part} names no file: name one before it, as FILE.py::{part}")
    path = _absolute(place)
    if path.is_file() and not place.endswith((*MODELS, ".hdf5")):
        directory = path.name == SAVED_MODEL
        hint = f"did you mean {place.removesuffix(SAVED_MODEL) or './'}?" if directory else "name a .py, .keras or .h5"
        raise PlanError(f"{path} is no Python file and no model: {hint}")
    if part and path.with_name(f"{path.name}.py").is_file() and not (path / SAVED_MODEL).is_file():
        raise PlanError(f"there is no model {path}: did you mean {place.rstrip('/')}.py::{part}?")
    if _is_missing(path):
        near = nearest(path.name, _beside(path, (*MODELS, "/")))
        raise MissingError(f"there is no model {path}{f': {did_you_mean(near)}' if near else ''}")
    if path.is_dir() and not (path / SAVED_MODEL).is_file():
        inner = sorted(each.parent.name for each in path.glob(f"*/{SAVED_MODEL}"))
        near = [f"{place.rstrip('/')}/{each}/" for each in inner[-1:]]
        hint = f": {did_you_mean(near)}" if near else ""
        raise PlanError(f"{path} is no SavedModel: there is no {SAVED_MODEL} in it{hint}")
    if path.is_dir() and (saved := SavedModel.read(path / SAVED_MODEL)):
        _check_signature(path.name, saved, part)
    if path.is_file() and place.endswith(MODELS) and part and part not in KERAS_METHODS:
        near = nearest(part, KERAS_METHODS)
        question = f"{did_you_mean(near)} It" if near else "it"
        raise PlanError(
            f"{path.name} has no {part!r}: {question} is called as it is, or ::{', ::'.join(KERAS_METHODS)}"
        )


def _is_missing(path: Path) -> bool:
    """Tell whether nothing is at a path; what may not be looked at may be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _check_signature(name: str, saved: SavedModel, part: str) -> None:
    """Raise PlanError where a SavedModel has other signatures; the far side tells how to call what else it has."""
    names = saved.signatures
    if not part and len(names) > 1:
        raise PlanError(f"{name} has several signatures: name one, as {name}::{names[0]} ({', '.join(names)})")
    if part and names and part not in (*names, *saved.attributes):
        near = nearest(part, names)
        question = f"{did_you_mean(near)} It" if near else "it"
        raise PlanError(f"{name} has no signature {part!r}: {question} has {', '.join(names)}")


def _beside(path: Path, endings: tuple[str, ...]) -> list[str]:
    """Return the names of files with these endings in a file's folder, and of folders if `/` is among them."""
    try:
        entries = sorted(path.parent.iterdir())
    except OSError:
        return []
    return [
        each.name
        for each in entries
        if each.name.endswith(endings) or ("/" in endings and each.is_dir() and (each / SAVED_MODEL).is_file())
    ]


def _absolute(place: str) -> Path:
    """Return the path that the far side reads."""
    return Path(os.path.abspath(os.path.expanduser(place)))  # noqa: PTH100, PTH111 - as the far side does
