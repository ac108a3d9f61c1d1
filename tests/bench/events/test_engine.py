"""What is said of a worker that ended, from the last lines of its log."""

from __future__ import annotations

import pytest

from bench.events import Died

CHECK = "F0000 00:00:1796063632.078487   27600 tensor.cc:1593] Check failed: DataTypeCanUseMemcpy(dtype()) "
STACK = (
    "Fatal Python error: Aborted",
    "Stack (most recent call first):",
    '  File "/v/lib/python3.11/site-packages/tensorflow/python/eager/execute.py", line 53 in quick_execute',
    '  File "/home/me/split.py", line 9 in within',
    '  File "/home/me/main.py", line 1 in <module>',
    '  File "<_tfjit>/worker/main.py", line 51 in main',
)


@pytest.mark.parametrize(
    ("log_tail", "words"),
    [
        ((CHECK, *STACK), "Check failed: DataTypeCanUseMemcpy(dtype()) (split.py:9)"),
        ((CHECK,), "Check failed: DataTypeCanUseMemcpy(dtype())"),
        (STACK, "Fatal Python error: Aborted"),
        (("ValueError: no", "more"), "ValueError: no"),
        (("last words",), "last words"),
    ],
)
def test_the_line_that_says_most_is_told(log_tail: tuple[str, ...], words: str) -> None:
    assert Died(signal="SIGABRT", log_tail=log_tail).describe() == f"the worker ended: SIGABRT; its log says: {words}"


def test_without_a_log_the_signal_is_all() -> None:
    assert Died(signal="SIGABRT").describe() == "the worker ended: SIGABRT"
