"""The tests that `rivals.pytest_pedantic` has a pytest of their own run, with pytest-benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.fidelity.subjects import Subject


class Pedantic:
    """The plugin that gives the tests what to time and how often, and keeps what came out: `least_s`, in seconds."""

    def __init__(self, subjects: Sequence[tuple[Subject, int]]) -> None:
        self._subjects = subjects
        self.least_s: list[float] = []

    @pytest.fixture(params=(0, 1))
    def timed(self, request: pytest.FixtureRequest) -> tuple[Subject, int]:
        """A subject and its number of rounds."""
        index: int = request.param
        return self._subjects[index]

    @pytest.fixture
    def least_times(self) -> list[float]:
        """Where a test leaves its figure."""
        return self.least_s


def test_pedantic(benchmark: Any, timed: tuple[Subject, int], least_times: list[float]) -> None:
    subject, rounds = timed
    benchmark.pedantic(subject.call, subject.arguments, rounds=rounds, iterations=1, warmup_rounds=1)
    least_times.append(benchmark.stats.stats.min)
