"""From which round on a mode counts as warm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bench.worker.measurement.warmup import warm_from


def steady(count: int = 100, seed: int = 1) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Rounds of 1 ms with a noise of 2 %."""
    return 1e-3 * (1 + 0.02 * np.random.default_rng(seed).standard_normal(count))


@pytest.mark.parametrize("cold", [2, 5, 30, 50])
def test_slow_first_rounds_are_warm_up(cold: int) -> None:
    rounds = steady()
    rounds[:cold] *= 1.5
    assert warm_from(rounds) in (cold, cold + 1), "the next may be slow by chance"


def test_a_gradual_start_is_warm_up_until_it_lies_among_the_others() -> None:
    rounds = steady()
    rounds[:20] *= np.linspace(2, 1, 20)
    assert 15 <= warm_from(rounds) <= 20


def test_steady_rounds_are_kept() -> None:
    discarded = [warm_from(steady(seed=seed)) for seed in range(300)]
    assert np.mean(np.array(discarded) > 0) < 0.02


def test_a_spell_that_comes_back_is_no_warm_up() -> None:
    rounds = steady()
    rounds[:10] *= 1.5
    rounds[70:80] *= 1.5
    assert warm_from(rounds) == 0


def test_getting_slower_is_no_warm_up() -> None:
    rounds = steady()
    rounds[40:] *= 1.5
    assert warm_from(rounds) == 0


def test_half_of_the_rounds_are_kept_however_long_it_takes() -> None:
    assert warm_from(np.linspace(2e-3, 1e-3, 100)) <= 50


def test_void_rounds_at_the_start_belong_to_the_warm_up() -> None:
    rounds = steady()
    rounds[:4] = np.nan
    assert warm_from(rounds) == 4


@given(arrays(np.float64, st.integers(0, 60), elements=st.floats(1e-6, 1.0)))
def test_at_most_half_is_ever_discarded(rounds: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    assert 0 <= warm_from(rounds) <= len(rounds) // 2
