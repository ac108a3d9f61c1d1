"""Makes a bundle of sources importable as the package `_tfjit`, without a file on the disk, and runs one of its mains.

Executed as text with `bundle` defined: {"sources": {"worker/main.py": text, ...}, "main": "worker.supervisor"}.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any

PACKAGE = "_tfjit"


class BundleImporter(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules of the bundle; their sources show in tracebacks and to `inspect`."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._files = {}
        for path, text in sources.items():
            name = ".".join([PACKAGE, *path.removesuffix(".py").split("/")]).removesuffix(".__init__")
            self._files[name] = (path, text)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module of the bundle; None for any other."""
        if fullname not in self._files:
            return None
        origin = f"<{PACKAGE}>/{self._files[fullname][0]}"
        spec = importlib.util.spec_from_loader(fullname, self, origin=origin, is_package=self.is_package(fullname))
        if spec is not None:
            spec.has_location = True
        return spec

    def is_package(self, fullname: str) -> bool:
        """Whether the module is an `__init__.py`."""
        return self._files[fullname][0].endswith("__init__.py")

    def get_source(self, fullname: str) -> str:
        """The module's text."""
        return self._files[fullname][1]

    def get_code(self, fullname: str) -> CodeType:
        """The module's code, under the name by which tracebacks find its lines."""
        path, text = self._files[fullname]
        filename = f"<{PACKAGE}>/{path}"
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        return compile(text, filename, "exec", dont_inherit=True)


def run(bundle: dict[str, Any]) -> None:
    """Install the bundle and run the main that it names, with the bundle."""
    sys.meta_path.insert(0, BundleImporter(bundle["sources"]))
    importlib.import_module(f"{PACKAGE}.{bundle['main']}").main(bundle)


if "bundle" in globals():
    run(globals()["bundle"])
