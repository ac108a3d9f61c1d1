"""What `compare` leaves: Markdown for a comment, CSV for programs."""

from __future__ import annotations

import csv
import io
import math
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.analysis.pairing import pair_cases
from bench.events import Event
from bench.plan import Case
from bench.report.earlier_export import is_markdown_export, marked
from bench.session.session import Session
from tests.examples import NO_MODE_WINS
from tests.paths import ROOT
from tests.tui.cli.compare.sized_cases import FEWER, PLAN, SLOWER, Latencies, settled, sized
from tests.tui.command import BEFORE, invoke, kept, one_line
from tui.cli.compare.case_text import Limits
from tui.cli.compare.files import COLUMNS, MOST_BYTES, csv_text, markdown_text
from tui.cli.compare.session_text import Comparison

pytestmark = pytest.mark.usefixtures("home")


def compared(before: Mapping[Case, Latencies], after: Mapping[Case, Latencies], **limits: object) -> Comparison:
    pairs = pair_cases(Session(settled(before)), Session(settled(after)))
    return Comparison.of(pairs, Limits(0.02, 0.02, **limits))  # type: ignore[arg-type]


def sessions(*events: Sequence[Event]) -> tuple[Session, Session]:
    a, b = map(Session, events)
    return a, b


def test_a_row_for_each_case_and_mode() -> None:
    a, b = kept("a", settled(FEWER)), kept("b", settled({sized(8): SLOWER, sized(16): BEFORE}, tensorflow="2.22.0"))
    result = invoke("compare", a, b, "--csv", "-", "--missing", "ok")
    assert result.exit_code == 1
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert [(row["dims"].split()[0], row["mode"], row["gate"]) for row in rows] == [
        *[("m=8", "eager", "held"), ("m=8", "graph", "regressed"), ("m=8", "xla", "held")],
        *[("m=16", mode, "new") for mode in ("eager", "graph", "xla")],
    ]
    graph = rows[1]
    assert (graph["before_latency_us_p50"], graph["after_latency_us_p50"]) == ("20000", "23000")
    assert (graph["change_ratio"], graph["limit_percent"], graph["verdict"]) == ("1.15", "2", "slower")
    assert (graph["before_session_id"], graph["after_session_id"], graph["before_case_id"]) == ("a", "b", "0")
    assert graph["differences"] == "TensorFlow 2.21.0 → 2.22.0"
    assert (rows[3]["missing"], rows[3]["reason"], rows[3]["before_case_id"]) == (
        "before",
        "this was not measured before",
        "",
    )
    assert result.stderr.endswith("Left out: 3 are new.\n")


NUMBERS = [name for name in COLUMNS if name.startswith(("change", "limit", "seed")) or "latency" in name]


def test_its_numbers_are_numbers_and_its_text_is_no_formula() -> None:
    case = Case("=f.py::f", (("m", 8),))
    a, b = settled({case: {"graph": (0.02,) * 3}}), settled({case: {"graph": (0.02,) * 3}})
    text = csv_text(Comparison.of(pair_cases(*sessions(a, b)), Limits(0.02, 0.02)), sessions(a, b))
    for row in csv.DictReader(io.StringIO(text, newline="")):
        assert row["workload"] == "'=f.py::f"
        assert all(math.isfinite(float(row[name])) for name in NUMBERS if row[name])


def test_the_verdict_is_first_then_what_matters_most() -> None:
    a = kept("a", settled({sized(8): BEFORE, sized(16): BEFORE, sized(32): BEFORE}))
    after = {sized(8): BEFORE, sized(64): BEFORE, sized(16): SLOWER, sized(32): BEFORE}
    b = kept("b", settled(after, tensorflow="2.22.0"))
    result = invoke("compare", a, b, "--md", "-", "--modes", "graph")
    assert result.exit_code == 1
    assert result.stdout == marked(
        "**Regressed: 1 of 4 is more than 2 % slower: graph of matmul · m=16 k=1024 n=1024 · float32 · CPU:0; "
        "of 1 it cannot be told.**\n"
        "\n"
        "|  | session | measured | with |\n"
        "| --- | --- | --- | --- |\n"
        "| before | a | 2027-01-15T08:00:01.000Z | TensorFlow 2.21.0 on box, A Processor |\n"
        "| after | b | 2027-01-15T08:00:01.000Z | TensorFlow 2.22.0 on box, A Processor |\n"
        "\n"
        "| case | mode | before | after | change | likely range | verdict | gate |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| matmul · m=16 k=1024 n=1024 · float32 · CPU:0 | graph | 20 ms | 23 ms | +15 % | +13 to +17 % | slower | "
        "regressed |\n"
        "| matmul · m=64 k=1024 n=1024 · float32 · CPU:0 | graph | – | 20 ms |  |  | unclear | cannot tell |\n"
        "| matmul · m=8 k=1024 n=1024 · float32 · CPU:0 | graph | 20 ms | 20 ms | 0 % | −1 to +1 % | same | held |\n"
        "| matmul · m=32 k=1024 n=1024 · float32 · CPU:0 | graph | 20 ms | 20 ms | 0 % | −1 to +1 % | same | held |\n"
        "\n"
        "- Cannot tell of 1: this was not measured before\n"
        "\n"
        "- TensorFlow 2.21.0 → 2.22.0\n"
    )


def test_a_comment_has_room_for_it_and_whole_rows_are_left_out_the_least_urgent_first() -> None:
    sizes = [sized(size) for size in range(1, 401)]
    slow = set(sizes[::40])
    comparison = compared(dict.fromkeys(sizes, BEFORE), {case: SLOWER if case in slow else BEFORE for case in sizes})
    text = markdown_text(comparison, sessions(settled(FEWER), settled(FEWER)))
    assert 0.9 * MOST_BYTES < len(text.encode()) <= MOST_BYTES
    rows = [line for line in text.splitlines() if line.startswith("| matmul")]
    assert all(line.count(" | ") == 7 for line in rows)
    assert [line.endswith("| regressed |") for line in rows] == [True] * len(slow) + [False] * (len(rows) - len(slow))
    left = re.search(r"^([\d,]+) more rows are left out: `--csv FILE` has all\.$", text, re.MULTILINE)
    assert left
    assert int(left[1]) == 3 * len(sizes) - len(rows)
    assert is_markdown_export(text)


HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from("|`*\x1b\n\u2028\u202e<>@"), max_size=3000)


@settings(max_examples=40)
@given(st.lists(HOSTILE, min_size=1, max_size=6, unique=True), HOSTILE, HOSTILE, st.integers(2000, 60_000))
def test_whatever_stands_in_a_session_the_size_is_kept_and_no_row_is_torn(
    names: list[str], host: str, session_id: str, most: int
) -> None:
    cases = [Case(f"{name}.py::f") for name in names]
    after = settled(dict.fromkeys(cases, SLOWER), name=session_id, host=host)
    a, b = sessions(settled(dict.fromkeys(cases, BEFORE)), after)
    text = markdown_text(Comparison.of(pair_cases(a, b), Limits(0.02, 0.02)), (a, b))
    assert len(text.encode("utf-8", errors="backslashreplace")) <= MOST_BYTES
    assert "\x1b" not in text
    small = markdown_text(Comparison.of(pair_cases(a, b), Limits(0.02, 0.02)), (a, b), most)
    assert len(small) <= len(text)


def test_machines_are_named() -> None:
    a, b = (kept(name, settled(FEWER, machine="ci_4", host=host)) for name, host in (("a", "r1"), ("b", "r2")))
    text = invoke("compare", a, b, "--md", "-").stdout
    assert "TensorFlow 2.21.0 on r1 (ci_4), A Processor" in text
    assert "- Host r1 → r2" in text


def test_files_are_written_beside_the_table_and_replaced_as_they_are_ours() -> None:
    a, b = kept("a", settled(FEWER)), kept("b", settled(FEWER))
    for _ in range(2):
        result = invoke("compare", a, b, "--md", "out.md", "--csv", "out.csv")
        assert (result.exit_code, result.stderr) == (0, "wrote out.csv\nwrote out.md\n")
        assert result.stdout.endswith("Held: none of 3 is more than 2 % slower.\n")


def test_a_file_is_written_though_nobody_reads_the_table(home: Path) -> None:
    a, b = kept("a", settled(dict.fromkeys(map(sized, range(1, 200)), BEFORE))), kept("b", settled(FEWER))
    command = f"{sys.executable} -m tui compare {a} {b} --md out.md | true"
    subprocess.run(command, shell=True, check=True, cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert Path("out.md").read_text().startswith("**Cannot tell of ")


def test_what_cannot_be_written_has_a_code_of_its_own_and_the_verdict_is_told() -> None:
    a, b = kept("a", settled(FEWER)), kept("b", settled(FEWER))
    result = invoke("compare", a, b, "--csv", "/dev/full")
    assert result.exit_code == 4
    assert result.stdout.endswith("Held: none of 3 is more than 2 % slower.\n")
    assert "cannot write /dev/full: No space left on device" in result.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("--md a.jsonl", "--md and A are the same file"),
        ("--csv ./b.jsonl", "--csv and B are the same file"),
        ("--csv PLAN.toml --plan PLAN.toml", "--csv and --plan are the same file"),
        ("--md - --csv -", "the same file"),
        ("--md - --json", "--json is written on stdout: name a file for the other"),
        ("--md no/where.md", "there is no directory"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_read(words: str, why: str) -> None:
    Path("PLAN.toml").write_text(PLAN)
    kept("a", NO_MODE_WINS)
    kept("b", NO_MODE_WINS)
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    result = invoke("compare", "a.jsonl", "b.jsonl", *words.split())
    assert result.exit_code == 2
    assert why in one_line(result)
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before
