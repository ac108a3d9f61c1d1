"""What was found here before, by `tfjit-tui support`, of what is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.catalogue import WORKLOADS
from bench.session.session import Session

from ..config.locations import LocationError, support_file

if TYPE_CHECKING:
    from bench.analysis.support import Place, Support, SupportFile


class Known:
    """What is remembered. Its file is read once, when the far side has said what it is."""

    def __init__(self) -> None:
        self._file: SupportFile | None = None
        self._said: dict[tuple[Place, str], str] = {}

    def say(self, session: Session, workload: str, device: str) -> str:
        """What is known of a workload on a device of the session's; empty if that is nothing."""
        if session.hello is None or workload not in WORKLOADS:
            return ""
        from bench.analysis.support import in_words, place_of  # not for the first frame

        place = place_of(session, device)
        if (place, workload) not in self._said:
            support = self._find(place, workload)
            self._said[place, workload] = f"Known here: {in_words(support)}." if support else ""
        return self._said[place, workload]

    def _find(self, place: Place, workload: str) -> Support | None:
        from bench.analysis.support import SupportFile

        try:
            self._file = self._file or SupportFile(support_file())
        except LocationError:
            return None
        return self._file.known(place, [WORKLOADS[workload]]).get(workload)
