"""From an exception to one line."""

from __future__ import annotations

import pytest

from bench.worker.failures import describe_failure


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("the first line\nand more"), "ValueError: the first line"),
        (
            TypeError('in user code:\n\n    File "mine.py", line 3, in f  *\n        x @ y\n\n    TypeError: no @\n\n'),
            "TypeError: no @",
        ),
        (SystemExit("please set DATA_DIR"), "SystemExit: please set DATA_DIR"),
        (KeyError(), "KeyError"),
    ],
)
def test_the_message_is_one_line(error: BaseException, words: str) -> None:
    assert describe_failure(error, "graph") == ("failed", words)
