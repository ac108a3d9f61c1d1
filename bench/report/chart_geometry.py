"""Where things lie in the pictures of a report: bars, rounds, and latencies along a sweep. Pure; it draws nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..analysis.series import SweepSeries, points_along
from ..number_text import duration, duration_range
from ..session.results import CaseResult, ModeResult
from .tables import likely_range

MOST_BEYOND = 2.0
"""An interval that reaches further than so many times the longest median is cut off there."""

MOST_ROUNDS = 240
"""Of more rounds every second, every third and so on is drawn."""

MOST_SIZES = 60

LOG_FROM = 8.0
"""Figures that differ by more than this factor are drawn on a logarithmic axis."""

EDGE = 0.05
"""What is left free above and below the rounds, so that no line is cut in half."""

MOST_DIGITS = 5
"""Of a latency beside an axis; two of them may look alike beyond that."""

TICK_ROOM = 62.0
"""What a number below an axis takes, so that two do not touch."""


@dataclass(frozen=True)
class Bar:
    """A mode's median and the ends of its interval, in percent of the picture's width. `cut`: it goes on beyond.

    `latency` is empty where there is no figure; `note` says why, or why it counts for nothing.
    """

    mode: str
    note: str
    latency: str = ""
    interval: str = ""
    median: float = 0.0
    low: float = 0.0
    high: float = 0.0
    cut: bool = False


def bars(case: CaseResult) -> list[Bar]:
    """A bar for each mode, all on one scale that begins at nothing; none where no mode has a figure."""
    estimates = [mode.estimate for mode in case.modes if mode.estimate]
    longest_s = max((estimate.latency_s for estimate in estimates), default=0.0)
    farthest_s = max((estimate.high_s or estimate.latency_s for estimate in estimates), default=0.0)
    whole_s = min(farthest_s, MOST_BEYOND * longest_s)
    return [_bar(mode, whole_s) for mode in case.modes] if whole_s > 0 else []


def _bar(mode: ModeResult, whole_s: float) -> Bar:
    note = mode.status.replace("_", " ") if mode.status not in ("", "ok") else "suspicious" if mode.suspicions else ""
    estimate = mode.estimate
    if estimate is None:
        return Bar(mode.mode, note)
    low_s, high_s = estimate.low_s or estimate.latency_s, estimate.high_s or estimate.latency_s
    return Bar(
        mode.mode,
        note,
        duration(estimate.latency_s),
        likely_range(estimate),
        _percent(estimate.latency_s / whole_s),
        _percent(low_s / whole_s),
        _percent(high_s / whole_s),
        high_s > whole_s,
    )


# --- rounds -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trace:
    """A mode's visits, each where its round lies among all rounds, in percent of the width and height, top left first.

    `lines` are those that count, unbroken stretches of them; `warm_ups` the discarded ones. `disturbed` are (left,
    width), `voids` where there is no figure. `every`: how many visits a point stands for.
    """

    mode: str
    lowest_to_highest: str
    lines: tuple[str, ...]
    warm_ups: tuple[str, ...]
    disturbed: tuple[tuple[float, float], ...]
    voids: tuple[float, ...]
    every: int


def traces(case: CaseResult) -> list[Trace]:
    """How the rounds of each mode went, each between its own lowest and highest latency that counts."""
    last = max((mode.round_numbers[-1] for mode in case.modes if mode.rounds), default=0)
    return [_trace(case, mode, last + 1) for mode in case.modes if len(mode.rounds) > 1]


def _trace(case: CaseResult, mode: ModeResult, total: int) -> Trace:
    every = math.ceil(len(mode.rounds) / MOST_ROUNDS)
    void = set(mode.void_rounds)
    warm_up = mode.warm_up_rounds
    counted = mode.counted_rounds or mode.rounds
    low_s, high_s = min(counted), max(counted)

    def across(place: int) -> float:
        return _percent((mode.round_numbers[place] + 0.5) / total)

    def point(place: int) -> str:
        share = (mode.rounds[place] - low_s) / (high_s - low_s) if high_s > low_s else 0.5
        height = EDGE + (1 - 2 * EDGE) * min(max(share, 0.0), 1.0)
        return f"{across(place):g},{_percent(1 - height):g}"

    drawn = [place for place in range(0, len(mode.rounds), every) if place not in void]
    return Trace(
        mode.mode,
        duration_range(low_s, high_s),
        tuple(_stretches(drawn, lambda place: place in warm_up, point, wanted=False)),
        tuple(_stretches(drawn, lambda place: place in warm_up, point, wanted=True)),
        tuple(_shades(case, total)),
        tuple(across(place) for place in sorted(void)[:: math.ceil(len(void) / MOST_ROUNDS) or 1]),
        every,
    )


def _stretches(
    places: Sequence[int], told_apart: Callable[[int], bool], point: Callable[[int], str], *, wanted: bool
) -> Iterator[str]:
    """The points of each run of neighbours that are alike, as a polyline has them."""
    run: list[str] = []
    for place in places:
        if told_apart(place) is wanted:
            run.append(point(place))
        elif run:
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)


def _shades(case: CaseResult, total: int) -> Iterator[tuple[float, float]]:
    for disturbed in case.disturbances:
        left, right = disturbed.first / total, min(disturbed.last + 1, total) / total
        if left < right:
            yield _percent(left), _percent(right - left)


# --- sweeps -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """A mode at one size: where its median lies, and from where to where its interval goes."""

    x: float
    y: float
    low_y: float
    high_y: float


@dataclass(frozen=True)
class SweepLine:
    """A mode along a sweep; `path` are the points of its line."""

    mode: str
    spots: tuple[Spot, ...]
    path: str


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, and what stands beside it."""

    at: float
    label: str


@dataclass(frozen=True)
class SweepPicture:
    """Latency against what a sweep varies, in a picture of `width` by `height`, inside its `frame`."""

    axis: str
    lines: tuple[SweepLine, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: float = 400.0
    height: float = 260.0
    frame: tuple[float, float, float, float] = (58.0, 10.0, 370.0, 214.0)
    """Left, top, right, bottom."""


def sweep_picture(series: SweepSeries) -> SweepPicture | None:
    """The modes along a series of sizes; None where it has no sizes, or fewer than two of them are known."""
    if not series.axis.is_numeric:
        return None
    points = points_along(series.thinned(MOST_SIZES))
    every = [point for of_mode in points.values() for point in of_mode]
    sizes = sorted({size for size, *_ in every})
    if len(sizes) < 2:
        return None
    left, top, right, bottom = SweepPicture.frame
    across = _axis(sizes[0], sizes[-1], left, right)
    up = _axis(min(low_s for *_, low_s, _ in every), max(high_s for *_, high_s in every), bottom, top)
    return SweepPicture(
        series.axis.name,
        tuple(_line(mode, of_mode, across, up) for mode, of_mode in points.items()),
        tuple(_apart([Tick(across.place(size), f"{size:,.0f}") for size in sizes])),
        tuple(map(Tick, map(up.place, up.levels), _told_apart(up.levels))),
    )


@dataclass(frozen=True)
class _Axis:
    place: Callable[[float], float]
    levels: tuple[float, ...]


def _axis(low: float, high: float, start: float, end: float) -> _Axis:
    """Where values lie between two ends of the picture, and which of them to name."""
    is_logarithmic = high > LOG_FROM * low > 0
    value: Callable[[float], float] = math.log10 if is_logarithmic else float
    first, last = value(low), value(high)

    def place(at: float) -> float:
        share = (value(at) - first) / (last - first) if last > first else 0.5
        return round(start + (end - start) * share, 1)

    steps = [first + (last - first) * step / 4 for step in range(5)]
    return _Axis(place, tuple(10**step if is_logarithmic else step for step in steps))


def _told_apart(levels_s: Sequence[float]) -> list[str]:
    """Latencies in words, with as many digits as tell them apart."""
    for digits in range(2, MOST_DIGITS + 1):
        words = [duration(level_s, digits) for level_s in levels_s]
        if len(set(words)) == len(words):
            break
    return words


def _line(mode: str, points: Sequence[tuple[float, float, float, float]], across: _Axis, up: _Axis) -> SweepLine:
    spots = tuple(
        Spot(across.place(size), up.place(latency_s), up.place(low_s), up.place(high_s))
        for size, latency_s, low_s, high_s in points
    )
    return SweepLine(mode, spots, " ".join(f"{spot.x:g},{spot.y:g}" for spot in spots))


def _apart(ticks: Sequence[Tick]) -> Iterator[Tick]:
    """The first, the last, and those between that have room."""
    first, *between, last = ticks
    yield first
    before = first.at
    for tick in between:
        if before + TICK_ROOM <= tick.at <= last.at - TICK_ROOM:
            yield tick
            before = tick.at
    yield last


def _percent(share: float) -> float:
    return round(100 * min(share, 1.0), 2)
