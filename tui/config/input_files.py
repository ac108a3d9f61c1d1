"""List the files that a command reads or keeps: no output may replace them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.files.targets import ExportError, descriptor_of, identity, lies_within

if TYPE_CHECKING:
    from bench.plan import Case


@dataclass(frozen=True)
class InputFile:
    """A file, or a directory with all its content. `name`: the option or argument that gave it, or its role."""

    name: str
    path: Path

    def refuse(self, output: str, path: Path) -> None:
        """Raise ExportError if the output named `output` would be written into this file or directory."""
        is_named = descriptor_of(path) is None
        if identity(path) == identity(self.path):
            shown = str(path if is_named else self.path)
            raise ExportError(f"{output} and {self.name} are the same file, {shown!r}: name another")
        if is_named and lies_within(path, self.path):
            directory = str(self.path).removeprefix(f"{Path.cwd()}/")
            raise ExportError(f"{output}: {str(path)!r} lies in {directory!r} ({self.name}): name another place")


def inputs_of(cases: Iterable[Case]) -> Iterator[InputFile]:
    """Yield the user code and the models that cases are made of, as far as this side knows their files."""
    for workload in dict.fromkeys(name for case in cases for name in case.code):
        for path in _files_of(workload):
            with suppress(OSError, RuntimeError):
                yield InputFile(workload, path)


def our_own() -> Iterator[InputFile]:
    """Yield the files of the configuration, and of what is remembered."""
    from . import locations, remembered

    with suppress(locations.LocationError):
        yield InputFile("the configuration", locations.config_file())
        yield InputFile("the user's themes", locations.user_themes())
    with suppress(locations.LocationError):
        yield InputFile("the settings", locations.state_place() / remembered.FILE_NAME)
        yield InputFile("what `support` has found", locations.state_place() / locations.SUPPORT_FILE)


def _files_of(workload: str) -> Iterator[Path]:
    from bench.plan import is_own
    from bench.plans.user_code_paths import file_of, module_files

    if path := file_of(workload):
        yield Path(path)
    elif is_own(workload):  # a module, as the far side finds it from the current directory
        file, package = module_files(workload.partition(":")[0])
        yield file
        yield package
        yield from (above / "__init__.py" for above in package.parent.parents[:-1])
