"""What the rules make of times and memory: flushing, grouping, compiling, the kernel cache, blocking calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gpu.made_up import answer
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED
from tests.gpu.probes.kernel_cache import has_own_code


def flush(assign: float, *, add: tuple[float, float] = (2e-5, 4e-4), **more: float) -> dict[str, Any]:
    """Seconds of the larger size: of an assign and the flush, and of assign_add at both sizes."""
    return {
        "mib": {"small": 16, "large": 512},
        "assign_s": {"small": 1e-5, "large": assign},
        "flush_s": {"small": 1e-5, "large": assign},
        "assign_add_s": {"small": add[0], "large": add[1]},
        **more,
    }


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        (flush(1.1e-5, freed_share=1.0), CONFIRMED),
        (flush(1.1e-5), CONFIRMED),  # a CPU tells nothing of its memory
        (flush(2.6e-4, freed_share=0.0), REFUTED),
        (flush(1.2e-4, freed_share=0.0), CANNOT_TELL),
        (flush(1.1e-5, freed_share=0.0), CANNOT_TELL),  # the memory contradicts the times
        (flush(2.6e-4, freed_share=1.0), CANNOT_TELL),
        (flush(1.1e-5, add=(2e-5, 3e-5)), CANNOT_TELL),  # nothing that moves data takes longer
    ],
)
def test_an_assign_moves_nothing_if_size_costs_it_nothing(figures: dict[str, Any], verdict: str) -> None:
    assert answer("flush", "Assigning", flush=figures).verdict == verdict


@pytest.mark.parametrize(("large_s", "verdict"), [(1.1e-5, CONFIRMED), (3.9e-4, REFUTED), (1.2e-4, CANNOT_TELL)])
def test_the_flush_moves_nothing_if_size_costs_it_nothing(large_s: float, verdict: str) -> None:
    assert answer("flush", "The product's flush", flush=flush(large_s)).verdict == verdict


def calls(eager: tuple[float, float], xla: tuple[float, float], idle_s: float = 1e-5) -> dict[str, Any]:
    """Single and grouped times of both modes at one size."""
    times = {"eager": eager, "xla": xla}
    return {
        "idle_sync_s": idle_s,
        "size_256": {mode: {"single_s": single, "grouped_s": grouped} for mode, (single, grouped) in times.items()},
    }


@pytest.mark.parametrize(
    ("figures", "overlap", "differ"),
    [
        (calls((2e-4, 1e-4), (9e-5, 3e-5)), CONFIRMED, CONFIRMED),
        (calls((1e-4, 1e-4), (5e-5, 5e-5)), REFUTED, REFUTED),
        (calls((1.2e-4, 1e-4), (6e-5, 5e-5)), CANNOT_TELL, REFUTED),  # no more than the idle sync
        (calls((1.3e-4, 1e-4), (6e-5, 5e-5)), CANNOT_TELL, CANNOT_TELL),
        (calls((2e-2, 1e-2), (9e-3, 3e-3)), CANNOT_TELL, CANNOT_TELL),  # too long to be grouped
        (calls((1e-4, 2e-4), (5e-5, 5e-5)), CANNOT_TELL, CANNOT_TELL),  # something else held the groups up
    ],
)
def test_groups_are_held_against_single_calls(figures: dict[str, Any], overlap: str, differ: str) -> None:
    assert answer("grouping", "A call of a group", calls=figures).verdict == overlap
    assert answer("grouping", "Speedups by groups", calls=figures).verdict == differ


@pytest.mark.parametrize(("idle_s", "verdict"), [(5e-5, CONFIRMED), (1e-6, REFUTED), (1.5e-5, CANNOT_TELL)])
def test_an_idle_sync_is_too_much_if_less_is_left_than_a_call_of_a_group_takes(idle_s: float, verdict: str) -> None:
    figures = calls((1.1e-4, 1e-4), (1.1e-4, 1e-4), idle_s)
    assert answer("grouping", "Taking an idle sync", calls=figures).verdict == verdict


@pytest.mark.parametrize(
    ("enqueue_s", "sync_s", "read_s", "verdict"),
    [
        (1e-4, 2e-2, 1e-4, CONFIRMED),
        (1e-4, 1e-4, 2e-2, REFUTED),
        (1e-4, 1e-2, 4e-3, CANNOT_TELL),
        (1e-4, 1e-3, 1e-4, CANNOT_TELL),  # too short
        (2e-2, 1e-4, 1e-4, CANNOT_TELL),  # the call itself waits
    ],
)
def test_a_sync_waits_if_nothing_is_left_after_it(enqueue_s: float, sync_s: float, read_s: float, verdict: str) -> None:
    figures = {"enqueue_s": enqueue_s, "sync_s": sync_s, "read_s": read_s}
    assert answer("grouping", "SyncDevice", sync=figures).verdict == verdict


ADA, HOPPER, BLACKWELL = [8, 9], [9, 0], [12, 0]
BUILT_FOR = ["sm_60", "sm_70", "sm_80", "sm_89", "compute_90"]


def test_machine_code_serves_later_cards_of_the_same_generation() -> None:
    served = [card for card in (ADA, HOPPER, BLACKWELL, [8, 6], [7, 5]) if has_own_code(card, BUILT_FOR)]
    assert served == [ADA, [8, 6], [7, 5]]


@pytest.mark.parametrize(
    ("off_s", "on_s", "cached", "card", "verdict"),
    [
        (35.0, 2.0, 1e8, BLACKWELL, CONFIRMED),
        (2.0, 1.9, 1e8, HOPPER, REFUTED),
        (2.0, 1.9, 0, HOPPER, REFUTED),
        (3.0, 1.9, 1e8, HOPPER, CANNOT_TELL),
        (2.0, 1.9, 0, ADA, CANNOT_TELL),  # it has nothing to compile, and the finding is about those that have
        (35.0, 2.0, 0, BLACKWELL, CANNOT_TELL),  # nothing was cached, so something else was slow
    ],
)
def test_the_kernel_cache_matters_where_it_saves_seconds(
    off_s: float, on_s: float, cached: float, card: list[int], verdict: str
) -> None:
    figures = {"off_2_s": off_s, "on_2_s": on_s, "cached_bytes": cached, "capability": card, "built_for": BUILT_FOR}
    assert answer("kernel_cache", "With the CUDA cache off", cache=figures).verdict == verdict


@pytest.mark.parametrize(("again_s", "verdict"), [(0.3, CONFIRMED), (0.95, REFUTED), (0.85, CANNOT_TELL)])
def test_a_second_compile_is_held_against_the_first(again_s: float, verdict: str) -> None:
    figures = {"first_s": [1.0, 1.0, 9.0], "again_s": [again_s, again_s, 0.0]}
    assert answer("compiling", "XLA compiles", again=figures).verdict == verdict


@pytest.mark.parametrize(
    ("eager", "xla", "verdict"),
    [((3.0, 1.0), (1.0, 1.0), CONFIRMED), ((1.0, 1.0), (0.5, 1.0), REFUTED), ((1.2, 1.0), (1.0, 1.0), CANNOT_TELL)],
)
def test_the_first_mode_of_a_process_is_held_against_itself_as_the_last(
    eager: tuple[float, float], xla: tuple[float, float], verdict: str
) -> None:
    """Each pair: what the mode's first call takes as the first of the process, and as the last."""
    told = answer(
        "compiling",
        "The mode that goes first",
        eager_first={"eager": eager[0], "xla": xla[1]},
        xla_first={"xla": xla[0], "eager": eager[1]},
    )
    assert told.verdict == verdict


@pytest.mark.parametrize(("peak", "verdict"), [(3e9, CONFIRMED), (1e9, REFUTED), (1.3e9, CANNOT_TELL)])
def test_the_peak_of_a_compile_is_held_against_the_next_calls(peak: float, verdict: str) -> None:
    figures = {"compile_bytes": [peak], "call_bytes": [1e9]}
    assert answer("compiling", "The call that compiles", again=figures).verdict == verdict


GIB = 2**30


@pytest.mark.parametrize(("warm", "verdict"), [(2.6, CONFIRMED), (1.2, REFUTED), (1.8, CANNOT_TELL)])
def test_a_warm_worker_is_held_against_the_limit(warm: float, verdict: str) -> None:
    figures = {"imported_bytes": GIB / 2, "device_bytes": GIB, "warm_bytes": warm * GIB}
    assert answer("memory", "A warm worker", resident=figures).verdict == verdict


@pytest.mark.parametrize(("ready_s", "verdict"), [(8.0, CONFIRMED), (0.2, REFUTED), (2.0, CANNOT_TELL)])
def test_a_long_start_is_worth_a_phase(ready_s: float, verdict: str) -> None:
    assert answer("memory", "Taking hold", resident={"device_ready_after_s": ready_s}).verdict == verdict


def op(enqueue_s: float, synced_s: float, bound: str) -> dict[str, Any]:
    return {"enqueue_s": enqueue_s, "synced_s": synced_s, "bound": bound}


@pytest.mark.parametrize(
    ("ops", "verdict"),
    [
        ({"matmul": op(0.1, 1, "device"), "cond": op(0.99, 1, "host")}, CONFIRMED),
        ({"matmul": op(0.1, 1, "device"), "cond": op(0.99, 1, "")}, REFUTED),
        ({"matmul": op(0.1, 1, "device"), "cond": op(0.1, 1, "host")}, REFUTED),
        ({"matmul": op(0.99, 1, "host"), "cond": op(0.99, 1, "host")}, CANNOT_TELL),  # a CPU
        ({"cond": op(0.99, 1, "host")}, CANNOT_TELL),
    ],
)
def test_a_blocking_call_must_not_be_called_host_bound(ops: dict[str, Any], verdict: str) -> None:
    assert answer("blocking", "The product calls", calls=ops).verdict == verdict
