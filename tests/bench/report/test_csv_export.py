"""The CSV: its header, its rows and its cells."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import STATUSES, Calibrated, CaseFinished, CaseStarted, PairEstimate, Retraced, Round, Visit
from bench.plan import Case
from bench.printable import on_one_line
from bench.report.csv_export import COLUMNS, csv_text
from bench.report.html_export import html_text
from bench.report.json_export import json_text
from bench.report.markdown_export import markdown_text
from bench.session.journal_reader import read
from bench.session.session import Session
from tests.accelerated import gpu_events
from tests.csv_rows import FASTER, SLOWER, row, rows
from tests.examples import (
    NO_MODE_WINS,
    THREE_MODES,
    UNUSED,
    explained,
    rounds,
    session_events,
    settled_events,
    suspicious,
)
from tests.paths import RECORDINGS as FOLDER

RECORDINGS = sorted(FOLDER.glob("*.jsonl"))


def test_the_header_is_the_one_that_scripts_read() -> None:
    assert csv_text(Session()) == (
        "session_id,case_id,started_at,host,workload,dims,dtype,device,mode,status,error,rounds,calls_per_block,"
        "latency_us_p50,latency_us_ci95_low,latency_us_ci95_high,latency_us_p90,latency_us_p99,trace_ms,compile_ms,"
        "first_call_ms,speedup_vs_eager,speedup_ci95_low,speedup_ci95_high,verdict,break_even_calls,max_rel_error,"
        "tensorflow_version,device_name,seed,ran_on,speedup_vs_graph,speedup_vs_graph_ci95_low,"
        "speedup_vs_graph_ci95_high,break_even_ci95_low,break_even_ci95_high,cold_us_p50,throughput_us,enqueue_us,"
        "synced_us,dispatch_us,cores_used,bound,peak_memory_mib,peak_memory_source,discarded_rounds,disturbed_rounds,"
        "suspicious,cached,retraces,recompiles,recompile_ms,voided_rounds,processes,inputs,runtime,far,"
        "break_even_never,break_even_ci95_high_never,machine_name,throughput_us_ci95_low,throughput_us_ci95_high,"
        "idle_sync_us,cpu_us,against,against_ref,speedup_vs_old,speedup_vs_old_ci95_low,speedup_vs_old_ci95_high,"
        "verdict_vs_old\r\n"
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
    *("suspicious", "cached", "throughput_us_ci95_low", "throughput_us_ci95_high", "idle_sync_us", "cpu_us"),
    *("against", "against_ref", "speedup_vs_old", "speedup_vs_old_ci95_low", "speedup_vs_old_ci95_high"),
    "verdict_vs_old",
)


def test_an_old_implementation_has_rows_of_its_own_and_the_new_ones_say_how_they_compare() -> None:
    case = Case("step.py::new", modes=("graph",), against="step.py::old", against_ref="v1")
    pair = PairEstimate("graph", "old-graph", 0.5, 0.4, 0.625, "faster", None)
    new, old = rows(csv_text(Session(session_events(dict.fromkeys(case.modes, 0.01), pair, case=case))))
    assert [row["mode"] for row in (new, old)] == ["graph", "old-graph"]
    assert {(row["against"], row["against_ref"]) for row in (new, old)} == {("step.py::old", "v1")}
    interval = new["speedup_vs_old_ci95_low"], new["speedup_vs_old_ci95_high"]
    assert (new["speedup_vs_old"], *interval, new["verdict_vs_old"]) == ("2", "1.6", "2.5", "faster")
    assert (old["speedup_vs_old"], old["verdict_vs_old"]) == ("", "")


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
    assert eager["cpu_us"] == "48400"
    assert (eager["peak_memory_mib"], eager["peak_memory_source"], graph["peak_memory_mib"]) == ("310", "rss", "")
    assert (eager["suspicious"], graph["suspicious"]) == ("", f"{UNUSED}; too quick")
    assert {eager["cached"], graph["cached"]} == {"kernels autotune"}


def test_on_an_accelerator_there_are_latency_and_throughput_and_what_an_idle_synchronisation_takes() -> None:
    session = Session(gpu_events(autotuned=True))
    eager, *_ = rows(csv_text(session))
    assert (eager["latency_us_p50"], eager["latency_us_p90"], eager["idle_sync_us"]) == ("80", "88", "6.2")
    interval = eager["throughput_us_ci95_low"], eager["throughput_us_ci95_high"]
    assert (eager["throughput_us"], *interval) == ("40", "39.2", "40.8")
    assert eager["cached"] == "autotuned-earlier"
    (case,) = json.loads(json_text(session))
    assert (case["overhead_s"], case["timed_alone"], case["autotuned"]) == (6.2e-6, True, True)
    for text in (markdown_text(session), html_text(session)):
        assert "throughput" in text
        assert "takes 6.2 µs" in text


def test_on_a_cpu_an_idle_synchronisation_is_no_part_of_a_latency() -> None:
    grouped = Calibrated(case_id="1", overhead_s=6.2e-6, group_sizes=(("eager", 100),))
    eager, *_ = rows(csv_text(Session(session_events(THREE_MODES, beside=[grouped]))))
    assert eager["idle_sync_us"] == ""


def test_what_was_traced_and_compiled_after_the_first_call_is_counted() -> None:
    void = Round(case_id="1", index=1, visits=(Visit("xla", 0.3, 1, compilations=2),))
    passed = Retraced(case_id="1", mode="xla", phase="argument_sets", calls=3, traces=3, compilations=3, compile_s=0.42)
    met = Retraced(case_id="1", mode="xla", phase="rounds", calls=9, traces=1, compilations=2, compile_s=0.2)
    names = ("retraces", "recompiles", "recompile_ms", "voided_rounds")
    cells = row("xla", beside=[passed, met, void])
    assert [cells[name] for name in names] == ["4", "5", "620", "1"]
    never_called = rows(csv_text(Session(session_events({}, failed={"xla": ("failed", "")}))))[2]
    assert {never_called[name] for name in names} == {""}


def test_lines_end_as_rfc_4180_has_it_and_every_row_is_one_line() -> None:
    text = csv_text(Session(session_events({}, failed={"xla": ("failed", 'two\nlines, "quoted"')})))
    assert r'"two\nlines, ""quoted"""' in text
    assert text.replace("\r\n", "").count("\n") == 0


WORDS = {
    *("session_id", "case_id", "started_at", "host", "workload", "dims", "dtype", "device", "mode", "status", "error"),
    *("verdict", "tensorflow_version", "device_name", "ran_on", "bound", "peak_memory_source", "suspicious", "cached"),
    *("inputs", "runtime", "far", "machine_name"),
}

TRUTHS = {"break_even_never", "break_even_ci95_high_never"}


def test_a_case_that_was_refused_has_rows_that_say_why_it_was_not_run() -> None:
    refused = CaseFinished(case_id="1", error="there is no function 'scal'", refused=True)
    cells = rows(csv_text(Session(session_events({}, finish=refused))))
    assert {(each["status"], each["error"]) for each in cells} == {("refused", "there is no function 'scal'")}
    assert {each["latency_us_p50"] for each in cells} == {""}


@pytest.mark.parametrize("path", RECORDINGS, ids=[path.stem for path in RECORDINGS])
def test_every_column_has_one_type_for_readers_that_guess_it(path: Path) -> None:
    made = [Session(session_events(THREE_MODES, pair)) for pair in (FASTER, SLOWER, replace(FASTER, break_even_low=4))]
    recorded = Session(read(path).events)
    for written in (each for session in (*made, recorded) for each in rows(csv_text(session))):
        for column, cell in written.items():
            if column in TRUTHS:
                assert cell in ("true", "false", ""), column
            elif column not in WORDS and cell:
                assert math.isfinite(float(cell)), column


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


@pytest.mark.parametrize("path", RECORDINGS, ids=[path.stem for path in RECORDINGS])
def test_a_recorded_session_gives_a_row_for_each_case_and_mode(path: Path) -> None:
    session = Session(read(path).events)
    written = rows(csv_text(session))
    assert len(written) == sum(len(case.modes) for case in session.cases.values())
    assert {each["status"] for each in written} <= set(STATUSES)
    for each in written:
        assert (each["latency_us_p50"] != "") == (each["rounds"] != "")
        for name in COLUMNS:
            if name.endswith(("_us", "_ms", "_p50", "_low", "_high", "_p90", "_p99", "_eager", "_error", "_calls")):
                assert each[name] == "" or float(each[name]) >= 0
    assert len(json.loads(json_text(session), parse_constant=pytest.fail)) == len(session.cases)
