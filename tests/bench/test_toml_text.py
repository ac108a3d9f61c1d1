"""TOML that is written means what it was written for, and shows nothing that acts on a terminal."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.printable import printable
from bench.toml_text import TomlError, read_toml, toml_text, toml_value
from tests.slow import slowly


@given(st.text())
def test_a_text_without_unprintable_characters_means_the_same(text: str) -> None:
    written = toml_text({"name": text, "sizes": {text: [text]}})
    assert read_toml(written) == {"name": text, "sizes": {text: [text]}}
    assert printable(written) == written


values = st.recursive(st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(), st.lists)


@pytest.mark.parametrize("examples", [25, *slowly(100)])
def test_a_value_stands_on_one_line_and_is_read_back(examples: int) -> None:
    @settings(max_examples=examples)
    @given(values)
    def is_read_back(value: object) -> None:
        written = toml_value(value)
        assert len(written.splitlines()) == 1
        read = read_toml(f"key = {written}")["key"]
        assert read == value or str(read) == str(value) or "nan" in written

    is_read_back()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (5.0, "5"),
        (0.5, "0.5"),
        (1e300, "1e+300"),
        (math.inf, "inf"),
        (("a", "b"), '["a", "b"]'),
        ((), "[]"),
        ("é", '"é"'),
        ("\x1b", r'"\u001b"'),
        (True, "true"),
    ],
)
def test_a_value_is_written_as_people_type_it(value: object, written: str) -> None:
    assert toml_value(value) == written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("key =", "^not TOML: Invalid value"),
        (f"key = {'1' * 5000}", "^not TOML: "),
        (f"key = {'[' * 5000}", "^it is nested too deeply$"),
    ],
)
def test_what_is_no_toml_is_told_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(TomlError, match=reason) as caught:
        read_toml(text)
    assert "\n" not in str(caught.value)
