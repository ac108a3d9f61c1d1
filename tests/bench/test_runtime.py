from __future__ import annotations

import pytest

from bench.plan import PlanError
from bench.runtime import Runtime, parse_runtime


def test_settings_read_as_people_write_them() -> None:
    words = ("onednn=off", "tf32=on", "intra_op_threads=2")
    runtime = parse_runtime(words)
    assert runtime == Runtime(onednn=False, tf32=True, intra_op_threads=2)
    assert str(runtime) == " ".join(words)
    assert str(Runtime()) == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["onednn"], "onednn: give a setting and its value, such as onednn=off"),
        (["m=4"], "there is onednn, tf32, intra_op_threads, inter_op_threads"),
        (["onednn=maybe"], "give onednn=on or onednn=off"),
        (["onednn=on", "onednn=off"], "onednn is given twice"),
        (["intra_op_threads=many"], "give a number of threads"),
        (["intra_op_threads=" + 5000 * "9"], "give a number of threads"),
        (["inter_op_threads=0"], "inter_op_threads 0 is not between 1 and 1024"),
    ],
)
def test_settings_that_mean_nothing_are_refused(words: list[str], told: str) -> None:
    with pytest.raises(PlanError, match=told):
        parse_runtime(words)
