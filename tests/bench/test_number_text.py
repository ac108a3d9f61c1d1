"""Numbers in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.number_text import (
    count,
    count_range,
    counted,
    duration,
    duration_range,
    memory,
    number,
    percent,
    rate,
    signed,
    times,
    whole_percent,
)


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.02, "2 %"),
        (0.07, "7 %"),  # 7.000000000000001
        (0.125, "12.5 %"),
        (10.0, "1,000 %"),
        (12_345.678, "1,234,570 %"),
        (2e-7, "0.00002 %"),
        (0.0, "0 %"),
        (math.inf, "inf %"),
    ],
)
def test_a_percentage_has_no_exponent(fraction: float, text: str) -> None:
    assert percent(fraction) == text


def test_a_percentage_may_be_rounded_further() -> None:
    assert percent(9.9876, 2) == "1,000 %"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_back_to_six_digits_and_has_no_exponent(value: float) -> None:
    text = number(value)
    assert set(text) <= set("-0123456789.")
    assert float(text) == pytest.approx(value, rel=1e-5, abs=0)


def test_a_thing_is_named_in_the_number_there_is_of_it() -> None:
    assert [counted(number, "case") for number in (0, 1, 2, 12_300)] == ["0 cases", "1 case", "2 cases", "12,300 cases"]


def test_a_rate_has_two_digits_and_the_largest_prefix_that_fits() -> None:
    rates = [rate(per_s, "FLOP/s") for per_s in (5.14e12, 120e9, 9.96e9, 3.0, 0.5)]
    assert rates == ["5.1 TFLOP/s", "120 GFLOP/s", "10 GFLOP/s", "3.0 FLOP/s", "0.5 FLOP/s"]


def test_a_sign_stands_before_all_but_zero() -> None:
    assert [signed(value, 1) for value in (1.12, -0.8, 0.04, -0.04)] == ["+1.1", "−0.8", "0.0", "0.0"]


def test_a_ratio_and_a_share_have_one_form_in_columns_and_in_lines() -> None:
    assert (times(0.8349), whole_percent(0.42)) == ("0.83×", "42 %")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3e-6, "3 µs"), (999.96e-6, "1 ms"), (0.0242, "24.2 ms"), (1.234, "1.23 s"), (240.0, "240 s"), (3e-8, "30 ns")],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_range_of_durations_has_one_unit() -> None:
    assert duration_range(0.0239, 0.0245) == "23.9-24.5 ms"
    assert duration_range(0.0004, 0.0012) == "0.40-1.20 ms"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(40, 70, "40-70"), (12_340, 15_000, "12,300-15,000"), (10**6, 1_500_000, "1-1.5 million"), (900_000, 10**6, "")],
)
def test_a_range_of_counts_names_its_scale_once(low: int, high: int, words: str) -> None:
    assert count_range(low, high) == (words or "900,000-1 million")


@pytest.mark.parametrize(
    ("size_bytes", "words"), [(0, "0 KiB"), (310 << 20, "310 MiB"), (1_503_238_553, "1.4 GiB"), (2 << 40, "2,050 GiB")]
)
def test_memory(size_bytes: int, words: str) -> None:
    assert memory(size_bytes) == words


@given(st.integers(0, 10**13))
@example(995_000)
@example(999_500)
@example(995_000_000)
def test_counts_are_short_and_near(calls: int) -> None:
    words = count(calls)
    scale = {"million": 10**6, "billion": 10**9, "trillion": 10**12}.get(words.split()[-1], 1)
    assert float(words.split()[0].replace(",", "")) * scale == pytest.approx(calls, rel=0.05)
    assert len(words) <= len("999 thousand")
