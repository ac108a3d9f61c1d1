"""How calls are grouped, warmed in and timed, by a clock that only the calls move."""

from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Callable

import pytest

from bench.worker.measurement import timing
from bench.worker.measurement.timing import (
    BLOCK_S,
    COLLECT_EVERY_S,
    Timed,
    choose_group_size,
    no_garbage_collection,
    time_calls,
    visit,
)


class Clock:
    """Time passes in calls and synchronisations alone."""

    def __init__(self) -> None:
        self.now = 0.0

    def taking(self, *durations_s: float) -> Callable[[], None]:
        """A callable that takes these times, the last of them ever after."""
        left = list(durations_s)

        def call() -> None:
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return call


CORES = 2.0
"""Are kept busy by the calls."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timing, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(timing, "process_time", lambda: CORES * clock.now)
    return clock


def test_short_calls_are_grouped_until_the_clock_costs_a_hundredth(clock: Clock) -> None:
    timed = Timed("eager", clock.taking(1e-4), ((),))
    assert choose_group_size(timed, clock.taking(0.95e-5), overhead_s=0.95e-5) == 10


def test_the_overhead_itself_is_no_part_of_a_call(clock: Clock) -> None:
    timed = Timed("eager", clock.taking(1.01e-6), ((),))
    assert choose_group_size(timed, clock.taking(1e-5), overhead_s=1e-5) == 991
    assert choose_group_size(timed, lambda: None, overhead_s=1e-5) == 20_000, "a clock that errs gives no endless group"


def test_one_call_that_is_held_up_makes_no_group_too_short(clock: Clock) -> None:
    timed = Timed("eager", clock.taking(5e-3, 1.2e-4), ((),))
    assert choose_group_size(timed, lambda: None, overhead_s=1e-5) == 10


def test_calls_that_return_are_counted_up_to_one_that_fails() -> None:
    counted: list[int] = []
    turns = iter([1, 2, 3, 4, 5])
    timed = Timed("eager", lambda: next(turns), ((),), ended=counted.append)
    time_calls(timed.in_groups_of(3), lambda: None, 3)
    with pytest.raises(StopIteration):
        time_calls(timed, lambda: None, 7)
    assert counted == [3, 2]


def test_what_reading_the_clock_takes_is_taken_off(clock: Clock) -> None:
    sizes = (1, 2, 5)
    blocks = [
        visit(Timed("eager", clock.taking(1e-4), ((),)).in_groups_of(size, overhead_s=1e-5), clock.taking(1e-5))
        for size in sizes
    ]
    assert [block.latency_s for block in blocks] == pytest.approx([1e-4] * 3)
    assert [block.cold_s for block in blocks] == pytest.approx([1e-4] * 3)


def test_long_calls_are_timed_one_by_one(clock: Clock) -> None:
    timed = Timed("eager", clock.taking(2e-2), ((),))
    assert choose_group_size(timed, lambda: None, overhead_s=1e-5) == 1


def test_a_block_is_two_milliseconds_or_one_call(clock: Clock) -> None:
    short = visit(Timed("eager", clock.taking(3e-4), ((),)), lambda: None)
    assert len(short.calls_s) == math.ceil(BLOCK_S / 3e-4)
    assert short.latency_s == pytest.approx(3e-4)
    long = visit(Timed("eager", clock.taking(0.5), ((),)), lambda: None)
    assert len(long.calls_s) == 1
    assert long.latency_s == pytest.approx(0.5)


def test_the_median_of_a_block_is_one_of_its_calls(clock: Clock) -> None:
    block = visit(Timed("eager", clock.taking(2e-3, 9e-4, 1.2e-3, 3e-3, 8e-4), ((),), warm_in_s=1e-3), lambda: None)
    assert block.calls_s == pytest.approx([9e-4, 1.2e-3, 3e-3]), "two would fill it"
    assert block.latency_s == pytest.approx(1.2e-3)


def test_what_a_group_takes_is_shared_by_its_calls(clock: Clock) -> None:
    block = visit(Timed("eager", clock.taking(1e-4), ((),), group_size=20), clock.taking(0.0))
    assert block.calls == 20 * len(block.calls_s)
    assert block.latency_s == pytest.approx(1e-4)


def test_a_block_begins_when_the_mode_is_warmed_in(clock: Clock) -> None:
    falling = clock.taking(9e-3, 4e-3, 3e-3, 2e-3, 1e-3)
    block = visit(Timed("eager", falling, ((),), warm_in_s=0.0155), lambda: None)
    assert block.cold_s == pytest.approx(9e-3), "the warm-in begins with it"
    assert [call_s for _, call_s in block.trace] == pytest.approx([4e-3, 3e-3, 2e-3])
    assert [begun_s for begun_s, _ in block.trace] == pytest.approx([9e-3, 13e-3, 16e-3])
    assert block.calls_s == pytest.approx([2e-3])


def test_a_block_waits_for_the_device(clock: Clock) -> None:
    asynchronous = Timed("eager", clock.taking(1e-6), ((),))
    block = visit(asynchronous, clock.taking(1e-2))
    assert block.latency_s == pytest.approx(1e-6 + 1e-2)


def test_the_first_call_of_a_visit_is_kept_as_the_cold_one(clock: Clock) -> None:
    flushed = []
    block = visit(Timed("eager", clock.taking(3e-3, 1e-3), ((),)), lambda: None, lambda: flushed.append(clock.now))
    assert block.cold_s == pytest.approx(3e-3)
    assert block.latency_s == pytest.approx(1e-3)
    assert flushed == [0.0], "the caches are emptied before it"


def test_the_cpu_time_of_a_visit_is_that_of_all_its_calls(clock: Clock) -> None:
    calls_s = 9e-3, 4e-3, 3e-3, 2e-3, 1e-3
    block = visit(Timed("eager", clock.taking(*calls_s), ((),), warm_in_s=0.0155), lambda: None)
    assert (block.calls, block.all_calls) == (1, 4), "a cold call and a warm-in of two come before the block"
    assert block.cpu_s == pytest.approx(CORES * sum(calls_s[:4]))


def test_argument_sets_take_turns_and_a_group_holds_each_equally_often(clock: Clock) -> None:
    seen: list[int] = []

    def call(number: int) -> None:
        seen.append(number)
        clock.now += 1e-3

    timed = Timed("graph", call, ((1,), (2,), (3,))).in_groups_of(4)
    assert timed.group_size == 6
    block = visit(timed, lambda: None)
    assert seen[: block.calls] == [1, 2, 3] * (block.calls // 3)


def test_timed_one_by_one_each_call_waits_for_the_device_and_nothing_is_taken_off(clock: Clock) -> None:
    asynchronous = Timed("eager", clock.taking(1e-5), ((),)).in_groups_of(100, overhead_s=5e-6).one_by_one()
    block = visit(asynchronous, clock.taking(4e-5))
    assert asynchronous.calls_at_once == 1
    assert block.singles_s == pytest.approx([5e-5] * block.calls)
    assert block.calls >= BLOCK_S / 5e-5
    assert (block.latency_s, block.cold_s) == pytest.approx((5e-5, 5e-5))


def test_timed_one_by_one_argument_sets_make_a_group_of_single_calls(clock: Clock) -> None:
    def call(taken_s: float) -> None:
        clock.now += taken_s

    timed = Timed("graph", call, ((1e-4,), (2e-4,), (6e-4,))).one_by_one()
    block = visit(timed, clock.taking(1e-5))
    assert timed.calls_at_once == 1
    assert block.latency_s == pytest.approx(3.1e-4), "the sets count alike"
    assert sorted({round(single_s, 9) for single_s in block.singles_s}) == [1.1e-4, 2.1e-4, 6.1e-4]
    assert len(block.singles_s) == block.calls == 3 * len(block.calls_s)


def test_calls_that_are_timed_in_groups_are_no_single_calls(clock: Clock) -> None:
    timed = Timed("eager", clock.taking(1e-5), ((),)).in_groups_of(100)
    assert timed.calls_at_once == 100
    assert visit(timed, clock.taking(1e-6)).singles_s == ()


def test_no_garbage_is_collected_while_calls_are_timed() -> None:
    with no_garbage_collection():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_calls_leave_behind_is_collected_between_rounds_once_a_second(clock: Clock) -> None:
    class Cycle:
        def __init__(self) -> None:
            self.itself = self

    with no_garbage_collection() as collect_garbage:
        left = weakref.ref(Cycle())
        collect_garbage()
        assert left() is not None
        clock.now += COLLECT_EVERY_S
        collect_garbage()
        assert left() is None
