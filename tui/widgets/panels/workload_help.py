"""What a workload is: what it teaches, its code in every mode, its dimensions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bench.catalogue import WORKLOADS, Dim
from bench.events import WorkloadInfo
from bench.plan import is_own, short_name

from ...draft.draft import bounds
from ...draft.mode_help import WRITTEN
from ...draft.workload_code import WorkloadCode, code_of
from ..drawing.plain_text import PlainText, shown

QUIET = "$foreground-muted"

CUTS = re.compile(r" +|[^ ([]+[ ([]?|[([]")
"""Pieces of code, each of which may begin a line."""

WHERE_INDENT = 2


class WorkloadHelp(VerticalScroll):
    """Tells of one workload; `modes` are those in which its code is shown."""

    def __init__(
        self,
        modes: Iterable[str],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        can_focus: bool = True,
    ) -> None:
        super().__init__(id=id, can_focus=can_focus)
        self._modes = tuple(modes)
        self._told: tuple[WorkloadInfo | None, str] = None, ""

    def compose(self) -> ComposeResult:
        """The words."""
        yield PlainText()

    def show(self, info: WorkloadInfo | None, known: str) -> None:
        """Tell of a workload, and what was found of it here before."""
        if (info, known) == self._told:
            return
        self._told = info, known
        self.scroll_home(animate=False)
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._draw()

    def _draw(self) -> None:
        info, known = self._told
        width = max(self.scrollable_content_region.width, 20)
        told = map(shown, _told(info, known, self._modes, width)) if info else ()
        self.query_one(Static).update(Content("\n").join(told))


def _told(info: WorkloadInfo, known: str, modes: tuple[str, ...], width: int) -> Iterator[Content]:
    yield Content.assemble((short_name(info.name), "bold"), f": {info.help}" if info.help else "")
    if info.teaches:
        yield Content.styled(info.teaches, QUIET)
    if known:
        yield Content(known)
    yield Content("")
    code = _code(info)
    labels = 2 + max(map(len, modes))
    for mode in modes:
        for number, line in enumerate(WRITTEN[mode].lines(code.signature) or ("",)):
            parts = _wrapped(line, width - labels)
            yield Content.assemble((f"{'' if number else mode:<{labels}}", QUIET), (parts[0], "bold"))
            yield from (Content.styled(" " * labels + more, "bold") for more in parts[1:])
    yield from _indented(code.function, labels, width)
    if code.where:
        yield Content.styled("where", QUIET)
        yield from _indented(code.where, WHERE_INDENT, width)
    yield Content("")
    if info.dims:
        yield Content.assemble(("dims    ", QUIET), ", ".join(map(_size, (Dim(*dim) for dim in info.dims))))
    yield Content.assemble(("dtypes  ", QUIET), ", ".join(info.dtypes))


def _code(info: WorkloadInfo) -> WorkloadCode:
    """Its code; of what the far side alone can read, where it goes."""
    if info.name in WORKLOADS and not is_own(info.name):
        return code_of(WORKLOADS[info.name].build)
    return WorkloadCode(f"def {short_name(info.name)}(…):\n    …  # read where it is measured")


def _size(dim: Dim) -> str:
    return f"{dim.name}={dim.default} ({bounds(dim)})"


def _indented(code: str, by: int, width: int) -> Iterator[Content]:
    for line in code.splitlines():
        yield from (Content(" " * by + part) for part in _wrapped(line, width - by))


def _wrapped(line: str, width: int) -> list[str]:
    """A line of code in parts, cut where a reader would; those that follow are indented further."""
    indent = len(line) - len(line.lstrip())
    parts = [""]
    for piece in CUTS.findall(line):
        if len(parts[-1]) + len(piece.rstrip()) > width and parts[-1].strip():
            parts.append(" " * (indent + 4))
        parts[-1] += piece
    return [part.rstrip() for part in parts]
