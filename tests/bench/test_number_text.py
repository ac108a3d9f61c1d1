"""Numbers in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.number_text import number, percent


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
