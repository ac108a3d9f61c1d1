"""Real failures, recorded, each give the line that was read and found right (`tests/programs/right_lines.txt`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bench.worker.errors import MOST_CHARACTERS as MOST_KEPT
from bench.worker.errors import describe_failure, user_lines, whole_text
from bench.worker.reasons.wording import MOST_CHARACTERS
from tests.recorded_failures import Recording, recordings, right_lines

LINE = re.compile(r"\.py:\d+\)$")


def each_failure() -> Iterator[tuple[Recording, str]]:
    """Yield every recording with each of its modes."""
    return ((recording, mode) for recording in recordings() for mode in recording.modes)


@pytest.mark.usefixtures("tf")
def test_each_gives_the_right_line() -> None:
    told = {
        (recording.program, mode): LINE.sub(".py)", ": ".join(describe_failure(recording.error(), mode)))
        for recording, mode in each_failure()
    }
    assert told == right_lines()


@pytest.mark.usefixtures("tf")
def test_each_says_so_in_one_line_of_bounded_length() -> None:
    longest = max(len(describe_failure(recording.error(), mode)[1]) for recording, mode in each_failure())
    assert longest < MOST_CHARACTERS + 50


@pytest.mark.usefixtures("tf")
def test_the_place_is_a_line_of_the_program_or_of_what_it_calls() -> None:
    """Look the line up: a place that is off by one, or in another function, is worse than none."""
    for recording, mode in each_failure():
        words = describe_failure(recording.error(), mode)[1]
        if place := re.search(r"\((\w+\.py):(\d+)\)$", words):
            lines = [line for line in user_lines(recording.error()) if line.startswith(f"{place[1]}:{place[2]} in ")]
            assert lines or "op " in words, (recording.program, mode, words)


def test_all_that_was_said_is_kept() -> None:
    for recording in recordings():
        first, text = recording.chain[0], whole_text(recording.error())
        if len(first["text"].splitlines()) > 1 and len(text) < MOST_KEPT:
            assert first["text"].splitlines()[-1].strip().split(" \x1b")[0] in text
        assert "\x1b" not in text
