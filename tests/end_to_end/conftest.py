"""One worker serves most tests: importing TensorFlow takes longer than any of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.events import Hello
from tests.driver import Driver
from tests.programs import MISBEHAVING


@pytest.fixture(scope="session")
def driver() -> Iterator[Driver]:
    """An engine whose worker goes on from test to test."""
    with Driver() as driver:
        driver.wait_for(Hello)
        yield driver


def program(name: str) -> str:
    """The name of a workload that misbehaves."""
    return f"{MISBEHAVING}::{name}"
