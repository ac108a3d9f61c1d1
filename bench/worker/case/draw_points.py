"""Draw points: between rounds, where whoever watches has the time of a frame to draw what the rounds gave.

A frame that falls into a block makes its calls slower. So events are held back while rounds run, and told together at
a draw point.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .old_channel import Telling

DRAW_EVERY_S = 0.5
FRAME_S = 0.025
"""Suffices for telling and drawing on a large screen."""


class DrawPoints:
    """Holds events back between draw points, at least DRAW_EVERY_S apart. `between` is done at each, meanwhile."""

    def __init__(
        self,
        channel: Telling,
        between: Callable[[], None],
        clock: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._channel = channel
        self._between = between
        self._clock = clock
        self._sleep = sleep
        self._drawn_at = clock()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Hold events back, but at draw points. At the end all are told."""
        self._channel.hold()
        try:
            yield
        finally:
            self._channel.release()

    @property
    def is_due(self) -> bool:
        """Tell whether the last draw point was long ago."""
        return self._clock() - self._drawn_at >= DRAW_EVERY_S

    def draw(self) -> None:
        """Tell what was held back, and wait for a frame."""
        start = self._clock()
        self._channel.release()
        self._between()
        self._sleep(max(FRAME_S - (self._clock() - start), 0.0))
        self._channel.hold()
        self._drawn_at = self._clock()
