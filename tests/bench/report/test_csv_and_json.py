from __future__ import annotations

import csv
import errno
import io
import json
import math
import os
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import (
    STATUSES,
    ArgumentChange,
    CaseFinished,
    CaseStarted,
    ProcessFinished,
    Retraced,
    Round,
    Visit,
)
from bench.files.atomic_write import ExportError, ExportExistsError, write_text
from bench.plan import Case, Effort
from bench.printable import on_one_line
from bench.report.csv_export import COLUMNS, csv_text
from bench.report.html_export import html_text
from bench.report.json_export import json_text
from bench.report.markdown_export import markdown_text
from bench.report.reproduce import environment_text, repeat_command
from bench.session.journal_reader import read
from bench.session.persistent import evolve
from bench.session.session import Session
from tests.examples import (
    MATMUL,
    NO_MODE_WINS,
    THREE_MODES,
    UNUSED,
    compared,
    explained,
    first_case,
    many_cases,
    planned,
    process_events,
    rounds,
    session_events,
    settled_events,
    suspicious,
    together,
)
from tests.paths import RECORDINGS as FOLDER

FASTER = compared("x/e", 0.5, 0.4, 0.625, "faster", 51)
SLOWER = compared("g/e", 1.25, 1.2, 1.3, "slower")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


RECORDINGS = sorted(FOLDER.glob("*.jsonl"))


def row(mode: str, *pairs: Any, **more: Any) -> dict[str, str]:
    return next(
        row for row in rows(csv_text(Session(session_events(THREE_MODES, *pairs, **more)))) if row["mode"] == mode
    )


# --- CSV ------------------------------------------------------------------------------------------------------------


def test_the_header_is_the_one_that_scripts_read() -> None:
    assert csv_text(Session()) == (
        "session_id,case_id,started_at,host,workload,dims,dtype,device,mode,status,error,rounds,calls_per_block,"
        "latency_us_p50,latency_us_ci95_low,latency_us_ci95_high,latency_us_p90,latency_us_p99,trace_ms,compile_ms,"
        "first_call_ms,speedup_vs_eager,speedup_ci95_low,speedup_ci95_high,verdict,break_even_calls,max_rel_error,"
        "tensorflow_version,device_name,seed,ran_on,speedup_vs_graph,speedup_vs_graph_ci95_low,"
        "speedup_vs_graph_ci95_high,break_even_ci95_low,break_even_ci95_high,cold_us_p50,throughput_us,enqueue_us,"
        "synced_us,dispatch_us,cores_used,bound,peak_memory_mib,peak_memory_source,discarded_rounds,disturbed_rounds,"
        "suspicious,cached,retraces,recompiles,recompile_ms,voided_rounds,processes,inputs,runtime,far,"
        "break_even_never,break_even_ci95_high_never,machine_name\r\n"
    )


def test_a_row_for_each_case_and_mode_in_plain_figures() -> None:
    written = rows(csv_text(Session(NO_MODE_WINS)))
    assert [row["mode"] for row in written] == ["eager", "graph", "xla"]
    assert written[2] == {
        "session_id": "20270115T080000Z-00c0ffee",
        "case_id": "1",
        "started_at": "2027-01-15T08:00:00.000Z",
        "host": "box",
        "workload": "matmul",
        "dims": "m=1024 k=1024 n=1024",
        "dtype": "float32",
        "device": "CPU:0",
        "mode": "xla",
        "status": "ok",
        "error": "",
        "rounds": "1",
        "calls_per_block": "1",
        "latency_us_p50": "26000",
        "latency_us_ci95_low": "25740",
        "latency_us_ci95_high": "26260",
        "latency_us_p90": "28600",
        "latency_us_p99": "31200",
        "trace_ms": "",
        "compile_ms": "",
        "first_call_ms": "4126",
        "speedup_vs_eager": "0.934579",
        "speedup_ci95_low": "0.917431",
        "speedup_ci95_high": "0.952381",
        "verdict": "slower",
        "break_even_calls": "",
        "max_rel_error": "1e-07",
        "tensorflow_version": "2.21.0",
        "device_name": "A Processor",
        "seed": "42",
        "ran_on": "CPU:0",
        "speedup_vs_graph": "0.943396",
        "speedup_vs_graph_ci95_low": "0.925926",
        "speedup_vs_graph_ci95_high": "0.961538",
        "discarded_rounds": "0",
        "retraces": "0",
        "recompiles": "0",
        "recompile_ms": "0",
        "voided_rounds": "0",
        "processes": "1",
        "inputs": "",
        "runtime": "",
        "far": "",
        "break_even_never": "true",
        "break_even_ci95_high_never": "",
        "machine_name": "",
        **dict.fromkeys(NOT_MEASURED, ""),
    }


NOT_MEASURED = (
    *("break_even_ci95_low", "break_even_ci95_high", "cold_us_p50", "throughput_us", "enqueue_us", "synced_us"),
    *("dispatch_us", "cores_used", "bound", "peak_memory_mib", "peak_memory_source", "disturbed_rounds"),
    *("suspicious", "cached"),
)


def test_the_machine_is_named_in_each_format() -> None:
    session = Session(settled_events({"xla": (0.01,) * 3}, machine="ci"))
    assert rows(csv_text(session))[0]["machine_name"] == "ci"
    assert json.loads(json_text(session))[0]["machine_name"] == "ci"
    assert "machine: ci" in markdown_text(session)
    assert "machine: ci" in html_text(session)


def test_where_the_time_goes_has_a_column_each() -> None:
    beside = [*rounds(THREE_MODES, 8, discarded=3), *explained(), suspicious("graph"), suspicious("graph", "too quick")]
    eager, graph, _ = rows(
        csv_text(Session(session_events(THREE_MODES, beside=beside, caches=("kernels", "autotune"))))
    )
    assert (eager["throughput_us"], eager["enqueue_us"], eager["synced_us"]) == ("22990", "2420", "24200")
    assert (eager["cores_used"], eager["dispatch_us"], graph["dispatch_us"]) == ("1.9", "", "100")
    assert (eager["cold_us_p50"], eager["discarded_rounds"], eager["disturbed_rounds"]) == ("72600", "3", "0")
    assert (eager["peak_memory_mib"], eager["peak_memory_source"], graph["peak_memory_mib"]) == ("310", "rss", "")
    assert (eager["suspicious"], graph["suspicious"]) == ("", f"{UNUSED}; too quick")
    assert {eager["cached"], graph["cached"]} == {"kernels autotune"}


def test_what_was_traced_and_compiled_after_the_first_call_is_counted() -> None:
    void = Round(case_id="1", index=1, visits=(Visit("xla", 0.3, 1, compilations=2),))
    passed = Retraced(case_id="1", mode="xla", phase="argument_sets", calls=3, traces=3, compilations=3, compile_s=0.42)
    met = Retraced(case_id="1", mode="xla", phase="rounds", calls=9, traces=1, compilations=2, compile_s=0.2)
    names = ("retraces", "recompiles", "recompile_ms", "voided_rounds")
    cells = row("xla", beside=[passed, met, void])
    assert [cells[name] for name in names] == ["4", "5", "620", "1"]
    never_called = rows(csv_text(Session(session_events({}, failed={"xla": ("failed", "")}))))[2]
    assert {never_called[name] for name in names} == {""}


@pytest.mark.parametrize(
    ("low", "high", "cells"),
    [
        (40, 70, ("40", "70", "false")),
        (40, None, ("40", "", "true")),
        (0, 0, ("0", "0", "false")),
        (None, None, ("", "", "")),
    ],
)
def test_the_interval_of_break_even_may_end_at_never(low: int | None, high: int | None, cells: Any) -> None:
    pair = replace(FASTER, break_even_low=low, break_even_high=high)
    written = row("xla", pair)
    names = ("break_even_ci95_low", "break_even_ci95_high", "break_even_ci95_high_never")
    assert tuple(written[name] for name in names) == cells


def test_lines_end_as_rfc_4180_has_it_and_every_row_is_one_line() -> None:
    text = csv_text(Session(session_events({}, failed={"xla": ("failed", 'two\nlines, "quoted"')})))
    assert r'"two\nlines, ""quoted"""' in text
    assert text.replace("\r\n", "").count("\n") == 0


@pytest.mark.parametrize(
    ("pair", "verdict", "calls", "never"),
    [
        (FASTER, "faster", 51, False),
        (compared("x/e", 0.5, 0.4, 0.625, "faster", 0), "faster", 0, False),
        (compared("x/e", 0.5, 0.4, 0.625, "faster"), "faster", None, True),
        (compared("x/e", 1.0, 0.99, 1.01, "same"), "same", None, True),
        (compared("x/e", 2.0, 1.9, 2.1, "slower"), "slower", None, True),
        (compared("x/e", 1.0, 0.9, 1.1, "unclear"), "unclear", None, None),
    ],
)
def test_break_even_is_a_number_never_or_not_known(
    pair: Any, verdict: str, calls: int | None, never: bool | None
) -> None:
    cells = row("xla", pair)
    told = "" if calls is None else str(calls), "" if never is None else str(never).lower()
    assert (cells["verdict"], cells["break_even_calls"], cells["break_even_never"]) == (verdict, *told)
    (case,) = json.loads(json_text(Session(session_events({"eager": 0.02, "xla": 0.01}, pair))))
    assert [(each["break_even_calls"], each["break_even_never"]) for each in case["pairs"]] == [(calls, never)]


WORDS = {
    *("session_id", "case_id", "started_at", "host", "workload", "dims", "dtype", "device", "mode", "status", "error"),
    *("verdict", "tensorflow_version", "device_name", "ran_on", "bound", "peak_memory_source", "suspicious", "cached"),
    *("inputs", "runtime", "far", "machine_name"),
}

TRUTHS = {"break_even_never", "break_even_ci95_high_never"}


@pytest.mark.parametrize("path", RECORDINGS, ids=[path.stem for path in RECORDINGS])
def test_every_column_has_one_type_for_readers_that_guess_it(path: Path) -> None:
    made = [Session(session_events(THREE_MODES, pair)) for pair in (FASTER, SLOWER, replace(FASTER, break_even_low=4))]
    recorded = Session(read(path).events)
    for written in (row for session in (*made, recorded) for row in rows(csv_text(session))):
        for column, cell in written.items():
            if column in TRUTHS:
                assert cell in ("true", "false", ""), column
            elif column not in WORDS and cell:
                assert math.isfinite(float(cell)), column


def test_a_speedup_is_the_inverse_of_the_ratio_and_so_are_its_ends() -> None:
    cells = row("xla", FASTER)
    assert (cells["speedup_vs_eager"], cells["speedup_ci95_low"], cells["speedup_ci95_high"]) == ("2", "1.6", "2.5")


def test_eager_is_the_baseline_and_has_no_verdict() -> None:
    cells = row("eager", FASTER, SLOWER)
    assert {cells[name] for name in ("speedup_vs_eager", "verdict", "break_even_calls")} == {""}


def test_a_wrong_mode_keeps_its_latency_and_has_no_speedup() -> None:
    cells = row("xla", FASTER, wrong={"xla": "shape (0, 8), not (10, 8)"})
    assert (cells["status"], cells["latency_us_p50"]) == ("wrong", "26000")
    assert (cells["speedup_vs_eager"], cells["verdict"], cells["break_even_calls"]) == ("", "", "")
    assert row("xla", compared("x/g", 0.5, 0.4, 0.625, "faster"), wrong={"xla": "no"})["speedup_vs_graph"] == ""


def test_what_was_not_measured_is_an_empty_cell() -> None:
    events = session_events(
        {"eager": 0.01}, failed={"xla": ("unsupported", "op Lu")}, case=Case("matmul", modes=("eager", "xla"))
    )
    cells = rows(csv_text(Session(events)))[1]
    assert (cells["status"], cells["error"]) == ("unsupported", "op Lu")
    assert {cells[name] for name in ("rounds", "latency_us_p50", "compile_ms", "verdict", "max_rel_error")} == {""}


def test_figures_beyond_all_bounds_are_empty_cells() -> None:
    events = [
        replace(event, at=1e300) if isinstance(event, CaseStarted) else event
        for event in session_events({"eager": 1e306}, case=Case("matmul", modes=("eager",)))
    ]
    (cells,) = rows(csv_text(Session(events)))
    assert {cells[name] for name in ("started_at", "latency_us_p50", "first_call_ms")} == {""}
    assert json.loads(json_text(Session(events)))[0]["started_at"] is None


def test_a_case_that_waits_has_no_row_yet() -> None:
    assert rows(csv_text(Session(NO_MODE_WINS[:4]))) == []


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x"])
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(words: str) -> None:
    assert row("xla", failed={"xla": ("failed", words)})["error"] == f"'{words}"


@given(st.text())
def test_any_words_survive_as_one_cell(words: str) -> None:
    cells = rows(csv_text(Session(session_events({}, failed={"xla": ("failed", words)}))))
    assert len(cells) == 3
    assert set(cells[2]) == set(COLUMNS)
    assert cells[2]["error"].removeprefix("'") == on_one_line(words).removeprefix("'")
    assert not cells[2]["error"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_row_says_from_how_many_processes_its_figures_come() -> None:
    both = together({"eager": (1.0, 4.0), "graph": (0.6, 0.7), "xla": (0.5,)}, compared("g/e", 0.4, 0.1, 0.9, "faster"))
    process_by_process = [
        *process_events(THREE_MODES, process=1),
        ProcessFinished(case_id="1", process=1),
        *process_events(THREE_MODES, process=2),
    ]
    written = rows(csv_text(Session([*planned(), *process_by_process, both, CaseFinished(case_id="1")])))
    assert [row["processes"] for row in written] == ["2", "2", "1"]
    assert [row["rounds"] for row in written] == ["8", "8", "8"]
    assert (written[0]["latency_us_p50"], written[1]["speedup_ci95_low"]) == ("2000000", "1.11111")


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_json_holds_cases_with_their_modes_and_comparisons() -> None:
    (case,) = json.loads(json_text(Session(NO_MODE_WINS)))
    assert case["dims"] == {"m": 1024, "k": 1024, "n": 1024}
    assert [mode["mode"] for mode in case["modes"]] == ["eager", "graph", "xla"]
    assert case["modes"][0]["rounds"] == [0.0242]
    assert (
        case["pairs"][1].items()
        >= {
            "mode": "xla",
            "baseline": "eager",
            "ratio": 1.07,
            "low": 1.05,
            "high": 1.09,
            "verdict": "slower",
            "break_even_calls": None,
        }.items()
    )
    assert case["rules"]["effect"] == 0.02


class Untouchable(tuple[Case, ...]):
    """The cases of a plan that nobody goes through."""

    def __iter__(self) -> NoReturn:
        raise AssertionError("the plan's cases were gone through")


def test_json_of_a_case_goes_through_none_of_the_others_of_its_plan() -> None:
    session = Session(NO_MODE_WINS)
    plan = evolve(session.cases["1"].plan, cases=Untouchable([MATMUL]))
    session.cases["1"] = evolve(session.cases["1"], plan=plan)
    assert json.loads(json_text(session))[0]["rules"]["effect"] == 0.02


def test_json_holds_where_the_time_goes() -> None:
    events = session_events(THREE_MODES, beside=[*explained(), suspicious("xla")])
    (case,) = json.loads(json_text(Session(events)))
    assert [mode["breakdown"]["cores_used"] for mode in case["modes"]] == [1.9, 1.9, 1.9]
    assert [mode["suspicions"] for mode in case["modes"]] == [[], [], [UNUSED]]
    assert [disturbance["first"] for disturbance in case["disturbances"]] == [10, 30]


@pytest.mark.parametrize(
    "recorded",
    [
        {"changes": (ArgumentChange("x", "shape"), ArgumentChange("y", "shape"))},
        {"cause": "arguments x and y changed shape"},
    ],
    ids=["as fields", "as a sentence"],
)
def test_json_has_the_cause_of_retraces_in_words_however_it_was_recorded(recorded: dict[str, Any]) -> None:
    again = Retraced(
        case_id="1",
        mode="xla",
        phase="argument_sets",
        calls=3,
        traces=2,
        compilations=1,
        compile_s=0.5,
        **recorded,
    )
    (case,) = json.loads(json_text(Session(session_events(THREE_MODES, beside=[again]))))
    assert case["modes"][2]["retraces"] == {
        "calls": 3,
        "traces": 2,
        "compilations": 1,
        "compile_s": 0.5,
        "cause": "arguments x and y changed shape",
    }


@pytest.mark.parametrize("cases", [0, 1, 3])
def test_json_is_laid_out_as_one_list(cases: int) -> None:
    text = json_text(Session(many_cases(cases) if cases else ()))
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_json_has_null_for_what_is_not_finite() -> None:
    text = json_text(Session(session_events({"eager": float("inf")}, case=Case("matmul", modes=("eager",)))))
    assert json.loads(text, parse_constant=pytest.fail)[0]["modes"][0]["rounds"] == [None]


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_holds_the_text_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_text(csv_text(Session(NO_MODE_WINS)), path)
    assert path.read_bytes().decode() == csv_text(Session(NO_MODE_WINS))
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_replaced_only_when_it_may_be(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("precious")
    with pytest.raises(ExportExistsError, match="exists already"):
        write_text("new", path)
    assert path.read_text() == "precious"
    write_text("new", path, overwrite=True)
    assert path.read_text() == "new"


def test_a_full_disk_destroys_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "out.csv"
    path.write_text("precious")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=r"cannot write .*out\.csv: No space left on device"):
        write_text("new", path, overwrite=True)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_text("new", tmp_path / "link.csv", overwrite=True)
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").is_file()


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_text("new", Path(os.devnull))
    assert not Path(os.devnull).is_file()


def test_a_place_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "out.csv"):
        with pytest.raises(ExportError) as error:
            write_text("new", path, overwrite=True)
        assert "\n" not in str(error.value)


# --- what repeats a case --------------------------------------------------------------------------------------------


def test_the_command_names_only_what_is_not_default() -> None:
    assert repeat_command(first_case(NO_MODE_WINS)) == "tfjit-tui run matmul"


def test_the_command_names_all_that_is_not_default() -> None:
    case = Case("matmul", (("m", 64), ("k", 1024), ("n", 1024)), "float64", "GPU:1", ("eager", "xla"), seed=7)
    rules: dict[str, Any] = {"effort": Effort(0.5, 0.001), "effect": 0.05, "case_timeout_s": 30.0, "calls": 10}
    assert repeat_command(first_case(session_events({}, case=case, **rules)), ("--python", "/my env/python")) == (
        "tfjit-tui run matmul --dim m=64 --dtype float64 --seed 7 --device GPU:1 --modes eager,xla --budget 0.5 "
        "--target 0.1 --effect 5 --case-timeout 30 --calls 10 --python '/my env/python'"
    )


def test_a_preset_is_named_and_not_taken_apart() -> None:
    case = first_case(session_events({}, preset="seed"))
    assert repeat_command(case) == "tfjit-tui run --preset seed"
    on_a_gpu = replace(MATMUL, device="GPU:0")
    asked = repeat_command(first_case(session_events({}, case=on_a_gpu, preset="seed")))
    assert asked == "tfjit-tui run --preset seed --device GPU:0"


def test_a_workload_in_a_file_is_quoted_with_all_its_sizes() -> None:
    case = Case("my ops.py::gelu", (("m", 3),))
    command = repeat_command(first_case(session_events({}, case=case)))
    assert shlex.split(command) == ["tfjit-tui", "run", "my ops.py::gelu", "--dim", "m=3"]


def test_the_environment_in_a_few_lines() -> None:
    assert environment_text(first_case(NO_MODE_WINS)).splitlines() == [
        "TensorFlow 2.21.0, numpy 2.1.0, Python 3.12.1",
        "host: box (Linux)",
        "device: CPU:0 (A Processor)",
        "measured: 2027-01-15T08:00:00.000Z",
    ]
    with_cache = first_case(session_events({}, caches=("kernels", "autotune")))
    assert "compilation caches: kernels, autotune" in environment_text(with_cache).splitlines()
    named = environment_text(first_case(settled_events({"xla": (0.01,) * 3}, machine="ci", cores=4))).splitlines()
    assert named[1:3] == ["host: box (Linux), 4 cores", "machine: ci"]
    assert environment_text(first_case(session_events({}, case=MATMUL, finish=CaseFinished(case_id="1"))[3:]))


# --- real sessions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RECORDINGS, ids=[path.stem for path in RECORDINGS])
def test_a_recorded_session_gives_a_row_for_each_case_and_mode(path: Path) -> None:
    session = Session(read(path).events)
    written = rows(csv_text(session))
    assert len(written) == sum(len(case.modes) for case in session.cases.values())
    assert {row["status"] for row in written} <= set(STATUSES)
    for row in written:
        assert (row["latency_us_p50"] != "") == (row["rounds"] != "")
        for name in COLUMNS:
            if name.endswith(("_us", "_ms", "_p50", "_low", "_high", "_p90", "_p99", "_eager", "_error", "_calls")):
                assert row[name] == "" or float(row[name]) >= 0
    assert len(json.loads(json_text(session), parse_constant=pytest.fail)) == len(session.cases)
