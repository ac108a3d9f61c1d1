"""Where the oracle and `bench` disagree is counted by kind and by fault."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bench.plan import Case, Plan
from bench.session.results import CaseResult, ModeResult
from tests.oracle.against import Compared, ask, counts_in, what_bench_says
from tests.oracle.program import HERE, Program
from tests.oracle.sowing import Sown

COUNT = Program(HERE / "by_hand" / "modules.py", "count")


def compared(oracle: str, bench: str, fault: str = "") -> Compared:
    return Compared("program", "float32", fault, "xla", oracle, "", bench, "")


@pytest.mark.parametrize(
    ("oracle", "bench", "disagreement"),
    [
        ("agrees", "wrong", "false wrong"),
        ("differs", "ok", "false ok"),
        ("differs", "rounding decides", "false rounding decides"),
        ("differs", "suspicious", "suspicious, not wrong"),
        ("agrees", "rounding decides", "rounding decides"),
        ("agrees", "ok", ""),
        ("differs", "wrong", ""),
        ("cannot tell", "wrong", ""),
        ("cannot run", "unsupported", ""),
    ],
)
def test_a_disagreement_has_a_name(oracle: str, bench: str, disagreement: str) -> None:
    assert compared(oracle, bench).disagreement == disagreement


def test_a_fault_that_bench_alone_finds_is_no_error_of_bench() -> None:
    assert compared("agrees", "wrong", "sign").disagreement == "found by bench alone"
    assert compared("agrees", "rounding decides", "sign").disagreement == ""


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (ModeResult("xla", "ok"), "ok"),
        (ModeResult("xla", "ok", suspicions=("the output is a constant",)), "suspicious"),
        (ModeResult("xla", "ok", notes=("rounding decides this result",)), "rounding decides"),
        (ModeResult("xla", "wrong", error="3 of 4 values differ"), "wrong"),
        (ModeResult("xla"), "nothing"),
    ],
)
def test_what_bench_says_of_a_mode_is_one_word(mode: ModeResult, said: str) -> None:
    case = Case("tiny_ops", modes=("xla",))
    assert what_bench_says(CaseResult("1", case, Plan((case,)), (mode,)), "xla")[0] == said


def test_counts_are_made_of_recorded_lines() -> None:
    lines = [asdict(each) for each in (compared("agrees", "wrong"), compared("differs", "ok", "sign"))]
    words = [line.split() for line in counts_in(lines).splitlines()]
    assert ["false", "wrong", "no", "fault", "1"] in words
    assert ["false", "ok", "sign", "1"] in words


def test_found_faults_are_told_by_kind_dtype_and_size() -> None:
    found, missed = compared("differs", "wrong", "sign"), compared("differs", "ok", "sign")
    lines = [asdict(replace(each, size=size)) for each in (found, missed) for size in (1, 300)]
    lines += [asdict(replace(found, size=17, dtype="int8"))]
    words = [line.split() for line in counts_in(lines).splitlines()]
    assert ["sign", "float32", "1", "of", "2", "1", "of", "2"] in words
    assert ["sign", "int8", "1", "of", "1"] in words


@pytest.mark.slow
@pytest.mark.tensorflow
def test_bench_finds_a_changed_integer_and_nothing_else(tmp_path: Path) -> None:
    judged = [
        Sown(COUNT, fault, mode, "differs" if fault else "agrees")
        for fault in ("", "element")
        for mode in ("graph", "xla")
    ]
    assert {(each.fault, each.mode, each.bench) for each in ask(judged, 1, tmp_path)} == {
        ("", "graph", "ok"),
        ("", "xla", "ok"),
        ("element", "graph", "wrong"),
        ("element", "xla", "wrong"),
    }
