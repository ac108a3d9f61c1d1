"""What the cases of a session have to do with each other: sweeps, sizes along a dimension, the case before."""

from __future__ import annotations

from bench.analysis.crossover import Sweeps
from bench.analysis.curves import Curves
from bench.session.results import CaseResult

from ..widgets.panels.size_plot import Sizes


class Relations:
    """Kept up as cases change. What it takes to take a case in does not grow with their number."""

    def __init__(self) -> None:
        self.sweeps = Sweeps()
        self._curves = Curves()
        self._measured: dict[str, CaseResult] = {}
        """In the order in which they had figures first."""
        self._before: dict[str, str] = {}
        """The case before each of them: the latest of the same workload, or else the latest."""
        self._latest: dict[str, str] = {}
        """Of each workload; under an empty name, of all."""

    def take(self, case: CaseResult) -> None:
        """Take in what is known of a case by now."""
        self.sweeps.take(case)
        if not any(mode.measured for mode in case.modes):
            return
        self._curves.take(case)
        if case.case_id not in self._measured:
            workload = case.case.workload
            self._before[case.case_id] = self._latest.get(workload, self._latest.get("", ""))
            self._latest[workload] = self._latest[""] = case.case_id
        self._measured[case.case_id] = case

    def before(self, case: CaseResult) -> CaseResult | None:
        """The case that was measured before this one, of the same workload if there is one; None for the first."""
        if case.case_id in self._measured:
            return self._measured.get(self._before[case.case_id])
        latest = self._latest.get(case.case.workload, self._latest.get("", ""))
        return self._measured.get(latest)

    def sizes(self, case: CaseResult) -> Sizes | None:
        """The cases along the axis of a case's sweep, or along the dimension that was varied most; None: just one."""
        if not case.plan.sweep:
            return self._curves.of(case)
        series = self.sweeps.series_of(case)
        return series if series.axis.is_numeric else self._curves.of(case)
