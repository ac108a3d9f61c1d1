"""How long a call takes in each mode: a bar, its interval and the figure, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.reactive import reactive

from bench.analysis.shared_reasons import reason_beside
from bench.device_names import is_accelerator
from bench.events import ModeEstimate
from bench.number_text import UNKNOWN, times
from bench.plans.presets import PRESETS
from bench.session.results import CaseResult, ModeResult

from ...presentation.fixed_width import duration, in_unit, plus_minus, shorten, unit_of, whole_words
from ...presentation.related_cases import counts, name_before
from ...presentation.status_text import describe_case, doing
from ..drawing.bars import GHOST, bar, ghost_alone, over_ghost
from ..drawing.plain_text import words
from .case_panel import CasePanel, name_width, short_mode

TITLE, SHORT_TITLE = "latency per call: median, 95 % interval", "latency per call"

FIGURE_WIDTH = 15

ROOM_FOR_WAS = 64
"""So wide is a panel in which the figure before stands beside the new one."""

MOST_BEYOND = 2.0
"""An interval that reaches further than so many times the longest median is cut off there."""


class LatencyPanel(CasePanel):
    """A line for each mode, and a second one with what else is known where there is room for it. The figures of the
    ghost, a case measured before, stay beneath.
    """

    ghost: reactive[CaseResult | None] = reactive(None, layout=False)

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = TITLE

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._say_what_is_drawn()

    def watch_ghost(self) -> None:
        """Name the ghost."""
        self._say_what_is_drawn()

    def show(self, case: CaseResult | None) -> None:
        """Draw a case."""
        self.make_room(case)
        super().show(case)
        self._say_what_is_drawn()

    def render(self) -> Content:
        """The bars."""
        if self.case is None:
            return Content("")
        lines: list[Content] = []
        before = " " * name_width(self.case)
        for mode in self.case.modes:
            lines.append(self._line(self.case, mode))
            if self.size.height >= 2 * len(self.case.modes):
                details = _as_many_as_fit(_details(self.case, mode), self.size.width - len(before))
                lines.append(Content.styled(before + details, self.quiet))
        return Content("\n").join(lines)

    def _line(self, case: CaseResult, mode: ModeResult) -> Content:
        style = self.mode_style(mode.mode)
        name = (f"{short_mode(mode.mode):<{name_width(case)}}", style)
        room = self.size.width - name_width(case)
        estimate, ghost = mode.estimate, self._estimate_before(mode)
        if estimate is None and mode.status:
            return Content.assemble(name, (shorten(_reason(case, mode), room), self.trouble))
        # All bars have the same room, whatever stands beside them: they are compared by their length.
        note_width = max(len(self._beside(case, other)) for other in case.modes)
        bar_width = room - FIGURE_WIDTH - (note_width + 1 if note_width else 0)
        scale = _scale(case, [before for each in case.modes if (before := self._estimate_before(each))])
        if estimate is None:
            doing_now = doing(mode.mode, mode.phase) if mode.phase else "waiting"
            if ghost is None:
                return Content.assemble(name, (doing_now, self.quiet))
            drawn = ghost_alone(doing_now, ghost.latency_s, scale, bar_width).ljust(bar_width)
            return Content.assemble(name, (f"{drawn}{_figure_before(ghost):>{FIGURE_WIDTH}}", self.quiet))
        drawn = bar(estimate.latency_s, estimate.low_s, estimate.high_s, scale, bar_width)
        first, mark, rest = over_ghost(drawn, ghost.latency_s, scale, bar_width) if ghost else (drawn, "", "")
        line = Content(f"{first}{mark}{rest}".ljust(bar_width)).stylize(style)
        return Content.assemble(
            name,
            line.stylize(self.quiet, len(first), len(first + mark)) if mark else line,
            _figure(estimate).rjust(FIGURE_WIDTH),
            (f" {self._beside(case, mode)}", self.trouble if _doubtful(mode) else self.quiet),
        )

    def _estimate_before(self, mode: ModeResult) -> ModeEstimate | None:
        """What the mode took in the ghost, if that and what it takes now may be held against each other."""
        before = self.ghost.mode(mode.mode) if self.ghost else None
        if before is None or not counts(before) or (mode.measured and not mode.comparable):
            return None
        return before.estimate

    def _beside(self, case: CaseResult, mode: ModeResult) -> str:
        """What is said beside a figure: what the note says, or what it was before, or the throughput."""
        before = self._estimate_before(mode) if self.size.width >= ROOM_FOR_WAS else None
        was = f"was {duration(before.latency_s)}" if before else ""
        return _note(case, mode) or was or _throughput(case, mode)

    def _say_what_is_drawn(self) -> None:
        title = TITLE
        if self.case and self.ghost:
            room = self.size.width
            what = f"{GHOST} {name_before(self.case.case, self.ghost.case)}"
            title = f"{TITLE} · {what}"
            if len(title) > room:
                title = whole_words(f"{SHORT_TITLE} · {what}", room)
        if (content := words(title)).markup != self.border_title:
            self.border_title = content


class EarlierPanel(LatencyPanel):
    """The same of the case before the one shown."""

    def _say_what_is_drawn(self) -> None:
        title = f"before: {describe_case(self.case.case)}" if self.case else "before"
        self.border_title = Content(whole_words(title, self.size.width))


def _scale(case: CaseResult, before: Sequence[ModeEstimate]) -> float:
    """What a whole bar stands for: the farthest end of an interval, but no more than leaves the medians to be seen,
    those of the case before among them.
    """
    estimates = [mode.estimate for mode in case.modes if mode.estimate]
    farthest_s = max((estimate.high_s or estimate.latency_s for estimate in estimates), default=0.0)
    longest_s = max((estimate.latency_s for estimate in (*estimates, *before)), default=0.0)
    return min(max(farthest_s, longest_s), MOST_BEYOND * longest_s)


def _figure(estimate: ModeEstimate) -> str:
    spread = plus_minus(estimate.latency_s, estimate.low_s, estimate.high_s)
    return f"{duration(estimate.latency_s)} {spread:<5}"


def _figure_before(estimate: ModeEstimate) -> str:
    """In parentheses, its digits below those of the figures."""
    return f"({duration(estimate.latency_s)}){'':<5}"


def _note(case: CaseResult, mode: ModeResult) -> str:
    """What is said beside a figure: that it does not count or is suspicious, or what was claimed of it."""
    if mode.status not in ("", "ok"):
        return mode.status
    return "suspicious" if mode.suspicions else _claim(case, mode.mode)


def _throughput(case: CaseResult, mode: ModeResult) -> str:
    """Return the time of a call among many that are synchronised together; empty on a CPU."""
    if mode.breakdown is None or not is_accelerator(case.case.device):
        return ""
    return f"throughput {duration(mode.breakdown.throughput_s)}"


def _doubtful(mode: ModeResult) -> bool:
    return mode.status not in ("", "ok") or bool(mode.suspicions)


def _reason(case: CaseResult, mode: ModeResult) -> str:
    words = mode.status.replace("_", " ")
    return f"{words}: {reason_beside(mode, case.modes)}" if mode.error else words


def _claim(case: CaseResult, mode: str) -> str:
    preset = PRESETS.get(case.plan.preset)
    claim = preset.claim(mode) if preset else None
    if claim is None:
        return ""
    size, unit = unit_of(claim.low_s)
    low, high = (in_unit(edge, size).rstrip("0").rstrip(".") for edge in (claim.low_s, claim.high_s))
    return f"claimed {low}-{high} {unit}"


def _as_many_as_fit(details: Iterable[str], room: int) -> str:
    """The details, in this order, side by side; the first is shortened if need be, of the others none is cut."""
    line = ""
    for detail in details:
        longer = f"{line} · {detail}" if line else shorten(detail, room)
        if len(longer) <= room:
            line = longer
    return line or UNKNOWN


def _details(case: CaseResult, mode: ModeResult) -> list[str]:
    if mode.status not in ("", "ok") and mode.error:
        return [reason_beside(mode, case.modes)]
    parts = []
    pair = case.pair(mode.mode, "eager")
    if pair is not None:
        parts.append(f"{times(pair.ratio)} eager")
    if mode.trace_s is not None:
        parts.append(f"trace {duration(mode.trace_s)}")
    if mode.first_call_s is not None:
        compiling = [f"compile {duration(mode.compile_s)}"] if mode.compile_s is not None else []
        within = ", ".join((*compiling, *filter(None, [case.compile_label])))
        parts.append(f"first call {duration(mode.first_call_s)}{f' ({within})' if within else ''}")
    if mode.estimate is not None and mode.estimate.p99_s is not None:
        parts.append(f"p99 {duration(mode.estimate.p99_s)}")
    return parts
