"""Several sessions in one file: `export A B C --csv -`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.events import Event
from bench.report.csv_export import COLUMNS
from bench.report.earlier_export import MARK, is_markdown_export
from tests.examples import NO_MODE_WINS, many_cases, session_events
from tests.tui.command import invoke, kept, one_line

pytestmark = pytest.mark.usefixtures("home")

NOTHING: Sequence[Event] = session_events({})[:3]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_rows_of_several_sessions_stand_under_one_header() -> None:
    a, b, empty = kept("a", NO_MODE_WINS), kept("b", many_cases(2)), kept("empty", NOTHING)
    result = invoke("export", a, empty, b, "--csv", "-")
    assert result.exit_code == 0
    assert [row["session_id"] for row in rows(result.stdout)] == ["a"] * 3 + ["b"] * 6
    assert result.stdout.count("session_id") == 1
    assert list(rows(result.stdout)[0]) == list(COLUMNS)


@pytest.mark.parametrize("names", [["empty", "a"], ["a", "empty"], ["a", "b"], ["empty", "other"]])
def test_json_of_several_sessions_is_one_list(names: list[str]) -> None:
    events = {"a": NO_MODE_WINS, "b": many_cases(2), "empty": NOTHING, "other": NOTHING}
    result = invoke("export", *(kept(name, events[name]) for name in names), "--json", "-")
    told = json.loads(result.stdout)
    assert [case["session_id"] for case in told] == [
        name for name in names for _ in range({"a": 1, "b": 2}.get(name, 0))
    ]
    assert result.stdout == json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def test_markdown_of_several_sessions_has_a_heading_for_each() -> None:
    result = invoke("export", kept("a_1", NO_MODE_WINS), kept("b", NO_MODE_WINS), "--md", "-")
    assert [line for line in result.stdout.splitlines() if line.startswith("## ")] == ["## a_1", "## b"]
    assert result.stdout.count("### matmul") == 2
    assert is_markdown_export(result.stdout)
    assert result.stdout.count(f"<!-- {MARK} ") == 1


def test_a_session_that_is_named_twice_counts_once() -> None:
    a = kept("a", NO_MODE_WINS)
    Path("copy.jsonl").write_bytes(Path(a).read_bytes())
    result = invoke("export", a, f"./{a}", "copy.jsonl", "--csv", "-")
    assert len(rows(result.stdout)) == 3
    assert result.stderr.splitlines() == [
        f"{each} is left out: a.jsonl is the same session" for each in (a, "copy.jsonl")
    ]


@pytest.mark.parametrize("order", [("part", "full", "b"), ("full", "part", "b")])
def test_of_two_copies_of_a_session_the_fuller_counts_wherever_it_is_named(order: Sequence[str]) -> None:
    full, b = Path(kept("full", many_cases(2))), kept("b", NO_MODE_WINS)
    lines = full.read_text().splitlines(keepends=True)
    Path("part.jsonl").write_text("".join(lines[: len(lines) // 2]))
    result = invoke("export", *(f"{name}.jsonl" for name in order), "--csv", "-")
    assert result.exit_code == 0
    assert [row["session_id"] for row in rows(result.stdout)] == ["full"] * 6 + [b.removesuffix(".jsonl")] * 3
    assert {row["status"] for row in rows(result.stdout)} == {"ok"}
    assert result.stderr == "part.jsonl is left out: full.jsonl is the same session and has more of it\n"


def test_a_page_holds_one_session() -> None:
    result = invoke(
        "export", kept("a", NO_MODE_WINS), kept("b", NO_MODE_WINS), "--html", "out.html", "--csv", "out.csv"
    )
    assert result.exit_code == 2
    assert "--html holds one session: name one, or choose from --csv, --json, --md" in one_line(result)
    assert not Path("out.csv").exists()
