"""Real failures, recorded, each give the line that a person has read and found right (`right_lines.txt`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.worker.errors import describe_failure, user_lines, whole_text
from bench.worker.reasons.wording import MOST_CHARACTERS
from tests.recorded_failures import Recording, recordings

LINE = re.compile(r"\.py:\d+\)$")


def right_lines() -> dict[tuple[str, str], str]:
    """Return the right line of each program and mode."""
    found = {}
    for line in Path(__file__).with_name("right_lines.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            what, _, words = line.partition(" | ")
            program, _, modes = what.partition(" ")
            found.update({(program, mode): words for mode in modes.split(",")})
    return found


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
        if len(first["text"].splitlines()) > 1 and len(text) < 15_000:
            assert first["text"].splitlines()[-1].strip().split(" \x1b")[0] in text
        assert "\x1b" not in text
