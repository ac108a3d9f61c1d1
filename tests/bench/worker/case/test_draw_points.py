"""Check that a watcher has the time of a frame between rounds, and nothing to work on during them."""

from __future__ import annotations

import json
import os

import pytest

from bench.events import Event, Notice
from bench.worker.case.draw_points import DRAW_EVERY_S, FRAME_S, DrawPoints
from bench.worker.channel import Channel


class Pipe:
    """A channel whose events go into a pipe that a test reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._end, events = os.pipe()
        os.set_blocking(self._end, False)
        descriptors = {0: os.dup(0), 1: events, 2: os.dup(2)}
        monkeypatch.setattr(os, "dup", descriptors.__getitem__)
        monkeypatch.setattr(os, "dup2", lambda *_: None)
        self.channel = Channel()
        monkeypatch.undo()

    def emit(self, text: str) -> None:
        event: Event = Notice(text=text, severity="log")
        self.channel.emit(event)

    @property
    def told(self) -> list[str]:
        """What has come since the last time."""
        try:
            return [json.loads(line)["text"] for line in os.read(self._end, 1 << 16).splitlines()]
        except BlockingIOError:
            return []


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    return Pipe(monkeypatch)


class Clock:
    """Advances only where somebody sleeps on it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.slept_s: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, duration_s: float) -> None:
        self.slept_s.append(duration_s)
        self.now_s += duration_s


def test_events_are_told_together_at_a_draw_point_and_at_the_end(pipe: Pipe) -> None:
    clock = Clock()
    draw_points = DrawPoints(pipe.channel, lambda: None, clock, clock.sleep)
    with draw_points.apart():
        pipe.emit("first")
        pipe.emit("second")
        assert pipe.told == []
        draw_points.draw()
        assert pipe.told == ["first", "second"]
        pipe.emit("third")
        assert pipe.told == []
    assert pipe.told == ["third"]
    pipe.emit("fourth")
    assert pipe.told == ["fourth"]


def test_events_are_told_where_the_rounds_are_broken_off(pipe: Pipe) -> None:
    draw_points = DrawPoints(pipe.channel, lambda: None, Clock())

    def break_off() -> None:
        with draw_points.apart():
            pipe.emit("first")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert pipe.told == ["first"]


def test_a_draw_point_lasts_as_long_as_a_frame_with_what_is_done_meanwhile(pipe: Pipe) -> None:
    clock = Clock()
    draw_points = DrawPoints(pipe.channel, lambda: clock.sleep(FRAME_S / 5), clock, clock.sleep)
    draw_points.draw()
    assert sum(clock.slept_s) == pytest.approx(FRAME_S)


def test_a_draw_point_is_due_long_after_the_last(pipe: Pipe) -> None:
    clock = Clock()
    draw_points = DrawPoints(pipe.channel, lambda: None, clock, clock.sleep)
    assert not draw_points.is_due
    clock.sleep(DRAW_EVERY_S)
    assert draw_points.is_due
    draw_points.draw()
    assert not draw_points.is_due
