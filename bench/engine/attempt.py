"""A case that is being measured, or waits to be: in which process, with which modes, after what."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..events import Estimate
from ..plan import Case


@dataclass(frozen=True)
class Attempt:
    """A case in its `process`-th process, with the modes still to be measured.

    `without`: modes that have killed a worker, not to be run again. `earlier`: what each process before this one found
    at last; `estimate`: what this one has found so far.
    """

    case_id: str
    case: Case
    process: int = 1
    without: tuple[str, ...] = ()
    earlier: tuple[Estimate, ...] = ()
    estimate: Estimate | None = None

    @property
    def was_begun(self) -> bool:
        """Whether it goes on with a case that a worker has taken up before."""
        return self.process > 1 or bool(self.without)

    def in_next_process(self) -> Attempt:
        """The same after this process: the modes are those that it could measure to the end."""
        found = (self.estimate,) if self.estimate else ()
        modes = tuple(mode.mode for estimate in found for mode in estimate.modes) or self.case.modes
        return replace(
            self,
            case=replace(self.case, modes=modes),
            process=self.process + 1,
            earlier=(*self.earlier, *found),
            estimate=None,
        )

    def again_without(self, mode: str) -> Attempt:
        """The same process from the start, without a mode that killed its worker; another mode must be left."""
        rest = tuple(each for each in self.case.modes if each != mode)
        return replace(self, case=replace(self.case, modes=rest), without=(*self.without, mode), estimate=None)
