"""How long a call takes in each mode: a bar, its interval and the figure, or why there is none."""

from __future__ import annotations

from textual.content import Content

from bench.events import ModeEstimate
from bench.presets import PRESETS
from bench.results import CaseResult, ModeResult

from ..activity import doing
from ..format import UNKNOWN, duration, in_unit, plus_minus, shorten, unit_of
from .bars import bar
from .case_panel import CasePanel, name_width, short_mode

FIGURE_WIDTH = 15

CROWD = 8
"""With more modes than that, the least screen has no room left."""

MOST_BEYOND = 2.0
"""An interval that reaches further than so many times the longest median is cut off there."""


class LatencyPanel(CasePanel):
    """A line for each mode, and a second one with what else is known where there is room for it."""

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "latency per call: median, 95 % interval"

    def show(self, case: CaseResult | None) -> None:
        """Draw a case."""
        self.make_room(case)
        self.screen.set_class(case is not None and len(case.modes) > CROWD, "-crowded")
        super().show(case)

    def render(self) -> Content:
        """The bars."""
        if self.case is None:
            return Content("")
        lines: list[Content] = []
        before = " " * name_width(self.case)
        for mode in self.case.modes:
            lines.append(self._line(self.case, mode))
            if self.size.height >= 2 * len(self.case.modes):
                details = shorten(before + _details(self.case, mode), self.size.width)
                lines.append(Content.styled(details, self.quiet))
        return Content("\n").join(lines)

    def _line(self, case: CaseResult, mode: ModeResult) -> Content:
        style = self.mode_style(mode.mode)
        before = name_width(case)
        name = (f"{short_mode(mode.mode):<{before}}", style)
        room = self.size.width - before
        estimate = mode.estimate
        if estimate is None:
            if mode.status:
                return Content.assemble(name, (shorten(_reason(mode), room), self.trouble))
            return Content.assemble(name, (doing(mode.mode, mode.phase) if mode.phase else "waiting", self.quiet))
        figure = _figure(estimate)
        note = _note(case, mode)
        # All bars have the same room, whatever stands beside them: they are compared by their length.
        note_width = max(len(_note(case, other)) for other in case.modes)
        bar_width = room - FIGURE_WIDTH - (note_width + 1 if note_width else 0)
        drawn = bar(estimate.latency_s, estimate.low_s, estimate.high_s, _scale(case), bar_width)
        return Content.assemble(
            name,
            (drawn.ljust(bar_width), style),
            figure.rjust(FIGURE_WIDTH),
            (f" {note}", self.trouble if _doubtful(mode) else self.quiet),
        )


def _scale(case: CaseResult) -> float:
    """What a whole bar stands for: the farthest end of an interval, but no more than leaves the medians to be seen."""
    estimates = [mode.estimate for mode in case.modes if mode.estimate]
    farthest_s = max((estimate.high_s or estimate.latency_s for estimate in estimates), default=0.0)
    return min(farthest_s, MOST_BEYOND * max((estimate.latency_s for estimate in estimates), default=0.0))


def _figure(estimate: ModeEstimate) -> str:
    spread = plus_minus(estimate.latency_s, estimate.low_s, estimate.high_s)
    return f"{duration(estimate.latency_s)} {spread:<5}"


def _note(case: CaseResult, mode: ModeResult) -> str:
    """What is said beside a figure: that it does not count or is suspicious, or what was claimed of it."""
    if mode.status not in ("", "ok"):
        return mode.status
    return "suspicious" if mode.suspicions else _claim(case, mode.mode)


def _doubtful(mode: ModeResult) -> bool:
    return mode.status not in ("", "ok") or bool(mode.suspicions)


def _reason(mode: ModeResult) -> str:
    words = mode.status.replace("_", " ")
    return f"{words}: {mode.error}" if mode.error else words


def _claim(case: CaseResult, mode: str) -> str:
    preset = PRESETS.get(case.plan.preset)
    claim = preset.claim(mode) if preset else None
    if claim is None:
        return ""
    size, unit = unit_of(claim.low_s)
    low, high = (in_unit(edge, size).rstrip("0").rstrip(".") for edge in (claim.low_s, claim.high_s))
    return f"claimed {low}-{high} {unit}"


def _details(case: CaseResult, mode: ModeResult) -> str:
    if mode.status not in ("", "ok") and mode.error:
        return mode.error
    parts = []
    pair = case.pair(mode.mode, "eager")
    if pair is not None:
        parts.append(f"{pair.ratio:.2f}× eager")
    if mode.trace_s is not None:
        parts.append(f"trace {duration(mode.trace_s)}")
    if mode.first_call_s is not None:
        compiling = [f"compile {duration(mode.compile_s)}"] if mode.compile_s is not None else []
        within = ", ".join((*compiling, *(["cached"] if case.caches else [])))
        parts.append(f"first call {duration(mode.first_call_s)}{f' ({within})' if within else ''}")
    if mode.estimate is not None and mode.estimate.p99_s is not None:
        parts.append(f"p99 {duration(mode.estimate.p99_s)}")
    return " · ".join(parts) or UNKNOWN
