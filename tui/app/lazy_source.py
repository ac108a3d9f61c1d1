"""A source that is made when it is first needed: what an engine imports can follow the first frame."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.engine.source import Source
    from bench.events import Event
    from bench.plan import Plan


class LateSource:
    """Stands for the source that `make` gives, from the first request on other than to close it."""

    def __init__(self, make: Callable[[], Source]) -> None:
        self._make = make
        self._made: Source | None = None
        self._closed = False
        self._making = threading.Lock()

    @property
    def _source(self) -> Source:
        with self._making:
            if self._made is None:
                self._made = self._make()
                if self._closed:
                    self._made.close()
            return self._made

    def events(self) -> Iterator[Event]:
        """Its events."""
        return self._source.events()

    def submit(self, plan: Plan, case_ids: tuple[str, ...] = ()) -> None:
        """Measure a plan."""
        self._source.submit(plan, case_ids)

    def look(self, workload: str, inputs: str, device: str) -> None:
        """Say what code of the user's is."""
        self._source.look(workload, inputs, device)

    def cancel(self) -> None:
        """Give up the plan under way."""
        self._source.cancel()

    def skip(self) -> None:
        """Give up the case under way."""
        self._source.skip()

    def pause(self, *, on: bool) -> None:
        """Begin no other case of the plan, or go on with it."""
        self._source.pause(on=on)

    def close(self) -> None:
        """Give up everything; `events` then ends."""
        with self._making:
            self._closed = True
            made = self._made
        if made is not None:
            made.close()
