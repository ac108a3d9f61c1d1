"""What is being set up, as it was typed: possibly wrong, never lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from bench.catalogue import WORKLOADS, Dim
from bench.events import WorkloadInfo
from bench.implementations import plain_modes
from bench.plan import MODES, MORE_MODES, PRECISIONS, Case, Effort, PlanError, is_own
from bench.runtime import Runtime

from ..config.schema import DEFAULTS, Config

OWN = "own"
"""The family of what the user has opened."""

GREATEST_SIZE = 2**31 - 1


def bounds(dim: Dim) -> str:
    """The sizes that a dimension may have: `1-4096`, `from 1`."""
    return f"{dim.low}-{dim.high}" if dim.high < GREATEST_SIZE else f"from {dim.low}"


@dataclass(frozen=True)
class Setup:
    """What a draft says at one time. `inputs`: what the chosen code of the user's is called with; `texts`: what was
    typed for the dimensions of every workload, where it is not the default; `against`: the old implementation that the
    chosen workload is held against, and its revision.
    """

    workload: str
    inputs: str
    dtype: str
    device: str
    modes: tuple[str, ...]
    effort_name: str
    runtime: Runtime
    texts: frozenset[tuple[tuple[str, str], str]]
    against: tuple[str, str] = ("", "")


class Draft:
    """A case in the making. Dimensions are kept as text, for each workload its own, so that none is ever retyped."""

    def __init__(self, config: Config = DEFAULTS) -> None:
        self.workloads = {name: workload.info() for name, workload in WORKLOADS.items()}
        self.workload = config.workload
        self.device = config.device
        self.modes = config.modes
        self.efforts = config.efforts
        self.effort_name = config.effort
        self.runtime = Runtime()
        self._dtype = config.dtype
        self._inputs: dict[str, str] = {}
        self._against: dict[str, tuple[str, str]] = {}
        self._known = set(self.workloads)
        self._texts: dict[tuple[str, str], str] = {}
        """By workload and dimension; the defaults are not among them."""

    @property
    def setup(self) -> Setup:
        """All that is set up now, to come back to."""
        return Setup(
            self.workload,
            self._inputs.get(self.workload, ""),
            self._dtype,
            self.device,
            self.modes,
            self.effort_name,
            self.runtime,
            frozenset(self._texts.items()),
            self.against,
        )

    def restore(self, setup: Setup) -> None:
        """Say again what was set up then."""
        if self._inputs.get(setup.workload, "") != setup.inputs:
            self.open(setup.workload, setup.inputs)
        self.workload, self._dtype, self.device = setup.workload, setup.dtype, setup.device
        self.modes, self.effort_name, self.runtime = setup.modes, setup.effort_name, setup.runtime
        self._texts = dict(setup.texts)
        self.against = setup.against

    def add_workloads(self, workloads: Iterable[WorkloadInfo]) -> None:
        """Take in what the far side can measure beside the built-in workloads."""
        for workload in workloads:
            self.workloads.setdefault(workload.name, workload)
            self._known.add(workload.name)

    def open(self, name: str, inputs: str) -> None:
        """Choose code of the user's. Its dimensions are not known before the far side has read it."""
        self.workloads.pop(name, None)  # it may have other dimensions by now
        self._known.discard(name)
        self.offer(name, inputs)
        self.workload = name

    def offer(self, name: str, inputs: str) -> None:
        """Have code of the user's among what can be chosen."""
        self.workloads.setdefault(name, WorkloadInfo(name, OWN, "", "", (), PRECISIONS))
        self._inputs[name] = inputs

    @property
    def against(self) -> tuple[str, str]:
        """The old implementation that the chosen workload is held against, and its revision; empty where none is."""
        return self._against.get(self.workload, ("", ""))

    @against.setter
    def against(self, against: tuple[str, str]) -> None:
        self._against[self.workload] = against

    @property
    def is_known(self) -> bool:
        """Whether the far side has said what the chosen workload is."""
        return self.workload in self._known

    def learn(self, name: str, found: WorkloadInfo) -> bool:
        """Take in what the far side has found code of the user's to be; whether that was news."""
        self._known.add(name)
        before = self.workloads.get(name)
        if before is None or (before.dims, before.dtypes) == (found.dims, found.dtypes):
            return False
        self.workloads[name] = replace(found, name=name, family=OWN)
        return True

    def learn_from(self, case: Case) -> bool:
        """Take in what a case of code of the user's has shown of it; whether that was news."""
        known = self.workloads.get(case.workload)
        if (
            known is None
            or not is_own(case.workload)
            or [dim[0] for dim in known.dims] == [dim[0] for dim in case.dims]
        ):
            return False
        return self.learn(case.workload, replace(known, dims=tuple((*dim, 1, GREATEST_SIZE) for dim in case.dims)))

    @property
    def info(self) -> WorkloadInfo:
        """The chosen workload."""
        return self.workloads[self.workload]

    @property
    def own(self) -> tuple[str, str]:
        """The chosen code of the user's, and what it is called with; empty where a built-in workload is chosen."""
        return (self.workload, self._inputs.get(self.workload, "")) if is_own(self.workload) else ("", "")

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
        return self.efforts[self.effort_name]

    @property
    def more_modes(self) -> tuple[str, ...]:
        """The chosen modes that the setup has no boxes for."""
        return tuple(mode for mode in MORE_MODES if mode in self.modes)

    def tick(self, modes: Iterable[str], among: Collection[str]) -> None:
        """Choose of some modes these, and leave the others as they are."""
        chosen = {*modes, *(mode for mode in self.modes if mode not in among)}
        self.modes = tuple(mode for mode in MODES if mode in chosen)

    def text(self, dim: Dim) -> str:
        """A dimension as it was typed."""
        return self._texts.get((self.workload, dim.name), str(dim.default))

    def type(self, dim: Dim, text: str, workload: str = "") -> None:
        """Keep what was typed for a dimension of the chosen workload, or of another."""
        key = workload or self.workload, dim.name
        if text == str(dim.default):
            self._texts.pop(key, None)
        else:
            self._texts[key] = text

    def size(self, dim: Dim) -> int:
        """A dimension as a number within its bounds. Raises PlanError."""
        text = self.text(dim)
        if not text:
            raise PlanError(f"{dim.name} is empty: give a whole number from {dim.low} to {dim.high}")
        dim.check(size := int(text))
        return size

    def scale(self, dim: Dim, *, up: bool) -> str:
        """Double (`up`) or halve a dimension within its bounds; returns what kept it from more, if anything."""
        size = self._size_to_change(dim)
        return self._change(dim, 2 * size if up else size // 2)

    def step(self, dim: Dim, *, up: bool) -> str:
        """Make a dimension larger (`up`) or smaller by about an eighth; a step down takes a step up back. Stays within
        its bounds; returns what kept it from more, if anything.
        """
        size = self._size_to_change(dim)
        return self._change(dim, size + step_from(size) if up else size - step_from(size - step_from(size)))

    def _size_to_change(self, dim: Dim) -> int:
        text = self.text(dim)
        return int(text) if text else dim.default

    def _change(self, dim: Dim, wanted: int) -> str:
        self.type(dim, str(min(max(wanted, dim.low), dim.high)))
        if wanted > dim.high:
            return f"{dim.name} is at its greatest size, {dim.high}"
        return f"{dim.name} is at its least size, {dim.low}" if wanted < dim.low else ""

    def case(self) -> Case:
        """The case that is set up. Raises PlanError with the first thing wrong in it."""
        dims = tuple((dim.name, self.size(dim)) for dim in self.dims)
        inputs = self._inputs.get(self.workload, "")
        case = Case(self.workload, dims, self.dtype, self.device, self.modes, inputs=inputs, runtime=self.runtime)
        against, revision = self.against
        return replace(case, against=against, against_ref=revision) if against or revision else case

    def take(self, case: Case) -> None:
        """Set up the same as `case`. Raises PlanError where its workload is not known."""
        if is_own(case.workload):
            self.open(case.workload, case.inputs)
            self.learn_from(case)
        if case.workload not in self.workloads:
            raise PlanError(f"there is no workload {case.workload!r} here")
        self.workload, self.dtype, self.device = case.workload, case.dtype, case.device
        self.modes, self.runtime, self.against = plain_modes(case.modes), case.runtime, (case.against, case.against_ref)
        sizes = dict(case.dims)
        for dim in self.dims:
            self.type(dim, str(sizes.get(dim.name, dim.default)))


def step_from(size: int) -> int:
    """By how much a size grows in a step: an eighth, rounded down to a power of two, and 1 at least."""
    return 1 << max((size // 8).bit_length() - 1, 0)
