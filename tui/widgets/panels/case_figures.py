"""What a case looks like: bars, rounds and plots, as many of them as the screen has room for."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from bench.events import WorkloadInfo
from bench.plan import DEFAULT_MODES
from bench.session.results import CaseResult

from ...presentation.related_cases import Sizes
from ..drawing.frame import framed
from .case_panel import CasePanel
from .distribution import DistributionPanel
from .latency import EarlierPanel, LatencyPanel
from .plot import RoundsPlot
from .rounds import RoundsPanel
from .size_plot import SizePlot
from .workload_help import WorkloadHelp

CROWD = 8
"""With more modes than that, the least screen has no room left."""


class Figures(Horizontal):
    """The panels of one case; beside them, on a large screen, those of the one before it. The style sheet says which
    of them are shown: `-swept` where they are part of a sweep, `-sized` where another size was measured, `-second`
    where there is a case before; `-empty` before there is any, when what is set up is introduced in their place.
    """

    def compose(self) -> ComposeResult:
        """Every panel."""
        yield framed(WorkloadHelp(DEFAULT_MODES, id="introduction", can_focus=False))
        with Vertical(id="panels"):
            yield framed(LatencyPanel(id="latency"))
            yield framed(RoundsPanel(id="rounds"))
            yield framed(RoundsPlot(id="plot"))
            yield framed(SizePlot(id="sizes"))
        with Vertical(id="more-panels"):
            yield framed(EarlierPanel(id="before"))
            yield framed(DistributionPanel(id="distribution"))

    def show(self, case: CaseResult | None) -> None:
        """Draw the figures of a case."""
        self.screen.set_class(case is not None and len(case.modes) > CROWD, "-crowded")
        self.set_class(case is None, "-empty")
        for panel in self.query(CasePanel):
            if panel.id != "before":
                panel.show(case)

    def introduce(self, chosen: WorkloadInfo, known: str) -> None:
        """Tell of what is set up, while no case is shown; `known` is what was found of it here before."""
        introduction = self.query_one(WorkloadHelp)
        if introduction.display:
            introduction.border_title = Content(f"{chosen.name} in each mode")
            introduction.show(chosen, known)

    def show_before(self, case: CaseResult | None, *, as_ghost: bool) -> None:
        """Draw the case before beside the one shown, and `as_ghost` beneath its bars."""
        self.query_one("#latency", LatencyPanel).ghost = case if as_ghost else None
        self.query_one("#before", EarlierPanel).show(case)
        self.set_class(case is not None, "-second")

    def show_sizes(self, sizes: Sizes | None, *, is_sweep: bool) -> None:
        """Draw latency against size, where more than one was measured."""
        if sizes is not None:
            self.query_one(SizePlot).tell(sizes)
        self.set_class(sizes is not None and is_sweep, "-swept")
        self.set_class(sizes is not None, "-sized")
