"""One worker serves most tests: importing TensorFlow takes longer than any of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.events import Hello
from tests.driver import Driver


@pytest.fixture(scope="session")
def driver() -> Iterator[Driver]:
    """An engine whose worker goes on from test to test."""
    with Driver() as driver:
        driver.wait_for(Hello)
        yield driver
