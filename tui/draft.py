"""What is being set up, as it was typed: possibly wrong, never lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bench.catalogue import WORKLOADS, Dim
from bench.events import WorkloadInfo
from bench.plan import DEFAULT_DTYPE, EFFORTS, MODES, PRECISIONS, Case, Effort, PlanError, is_own

OWN = "own"
"""The family of what the user has opened."""

GREATEST_SIZE = 2**31 - 1


class Draft:
    """A case in the making. Dimensions are kept as text, for each workload its own, so that none is ever retyped."""

    def __init__(self) -> None:
        self.workloads = {name: workload.info() for name, workload in WORKLOADS.items()}
        self.workload = next(iter(self.workloads))
        self.device = "CPU:0"
        self.modes: tuple[str, ...] = MODES
        self.effort_name = "quick"
        self._dtype = DEFAULT_DTYPE
        self._inputs: dict[str, str] = {}
        self._texts: dict[str, dict[str, str]] = {}

    def add_workloads(self, workloads: Iterable[WorkloadInfo]) -> None:
        """Take in what the far side can measure beside the built-in workloads."""
        for workload in workloads:
            self.workloads.setdefault(workload.name, workload)

    def open(self, name: str, inputs: str) -> None:
        """Choose code of the user's. Its dimensions are not known before the far side has read it."""
        self.workloads.pop(name, None)  # it may have other dimensions by now
        self.offer(name, inputs)
        self.workload = name

    def offer(self, name: str, inputs: str) -> None:
        """Have code of the user's among what can be chosen."""
        self.workloads.setdefault(name, WorkloadInfo(name, OWN, "", "", (), PRECISIONS))
        self._inputs[name] = inputs

    def learn(self, case: Case) -> bool:
        """Take in what the far side has found of code of the user's; whether that was news."""
        known = self.workloads.get(case.workload)
        if (
            known is None
            or not is_own(case.workload)
            or [dim[0] for dim in known.dims] == [name for name, _ in case.dims]
        ):
            return False
        dims = tuple((name, size, 1, GREATEST_SIZE) for name, size in case.dims)
        self.workloads[case.workload] = replace(known, dims=dims)
        return True

    @property
    def info(self) -> WorkloadInfo:
        """The chosen workload."""
        return self.workloads[self.workload]

    @property
    def dims(self) -> tuple[Dim, ...]:
        """The dimensions of the chosen workload."""
        return tuple(Dim(*dim) for dim in self.info.dims)

    @property
    def dtype(self) -> str:
        """The chosen dtype, or the nearest to it in which the workload runs."""
        dtypes = self.info.dtypes
        return self._dtype if self._dtype in dtypes else "float32" if "float32" in dtypes else dtypes[0]

    @dtype.setter
    def dtype(self, dtype: str) -> None:
        self._dtype = dtype

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The dtypes in which the workload runs, narrowest first; then its mixed precisions."""
        return tuple(dtype for dtype in PRECISIONS if dtype in self.info.dtypes)

    @property
    def effort(self) -> Effort:
        """How finely to measure."""
        return EFFORTS[self.effort_name]

    def text(self, dim: Dim) -> str:
        """A dimension as it was typed."""
        return self._texts.get(self.workload, {}).get(dim.name, str(dim.default))

    def type(self, dim: Dim, text: str) -> None:
        """Keep what was typed for a dimension."""
        self._texts.setdefault(self.workload, {})[dim.name] = text

    def size(self, dim: Dim) -> int:
        """A dimension as a number within its bounds. Raises PlanError."""
        text = self.text(dim)
        if not text:
            raise PlanError(f"{dim.name} is empty: give a whole number from {dim.low} to {dim.high}")
        dim.check(size := int(text))
        return size

    def scale(self, dim: Dim, *, up: bool) -> str:
        """Double (`up`) or halve a dimension within its bounds; returns what kept it from more, if anything."""
        text = self.text(dim)
        size = int(text) if text else dim.default
        wanted = 2 * size if up else size // 2
        self.type(dim, str(min(max(wanted, dim.low), dim.high)))
        if wanted > dim.high:
            return f"{dim.name} is at its greatest size, {dim.high}"
        return f"{dim.name} is at its least size, {dim.low}" if wanted < dim.low else ""

    def case(self) -> Case:
        """The case that is set up. Raises PlanError with the first thing wrong in it."""
        dims = tuple((dim.name, self.size(dim)) for dim in self.dims)
        inputs = self._inputs.get(self.workload, "")
        return Case(self.workload, dims, self.dtype, self.device, self.modes, inputs=inputs)

    def take(self, case: Case) -> None:
        """Set up the same as `case`. Raises PlanError where its workload is not known."""
        if is_own(case.workload):
            self.open(case.workload, case.inputs)
            self.learn(case)
        if case.workload not in self.workloads:
            raise PlanError(f"there is no workload {case.workload!r} here")
        self.workload, self.dtype, self.device, self.modes = case.workload, case.dtype, case.device, case.modes
        self._texts[case.workload] = {name: str(size) for name, size in case.dims}
