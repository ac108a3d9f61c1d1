"""Devices and pipes are streams: written as they come, and never replaced."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from pathlib import Path

import pytest

from bench.report.csv_export import COLUMNS
from bench.report.formats import FORMATS
from tests.examples import NO_MODE_WINS
from tests.far_side import far
from tests.shell import Shell
from tests.slow import slowly
from tests.tui.command import Scripted, invoke, stand_in
from tui.cli.measure import csv_stream

FORMAT_NAMES = [each.name for each in FORMATS]

TWO = "run matmul --sweep m=1,2 --modes eager"

ENDLESS = f"{TWO} {far(**{'measure 1': ['finish'], 'measure 2': ['begin']}, stop=['give_up'])}"
"""The first case ends, the second never does."""


@pytest.fixture
def shell(shell: Shell, home: Path) -> Shell:
    """A shell with a session, in the directory where this process works too."""
    assert shell.home == home
    shell.record("matmul", "S.jsonl")
    return shell


@pytest.mark.parametrize("name", ["csv", *slowly(*sorted({*FORMAT_NAMES} - {"csv"}))])
def test_a_pipe_gets_what_a_file_gets(name: str, shell: Shell) -> None:
    assert invoke("export", "S.jsonl", f"--{name}", "whole").exit_code == 0
    ran = shell(f"tfjit-tui export S.jsonl --{name} /dev/stdout | cat >got")
    assert ran.code == 0
    assert shell.read("got") == shell.read("whole")


@pytest.mark.parametrize(
    "script",
    [
        "tfjit-tui export S.jsonl --csv /dev/fd/7 7>got",
        *slowly(
            "mkfifo pipe; cat pipe >got & tfjit-tui export S.jsonl --csv pipe && wait && test -p pipe",
            "tfjit-tui export S.jsonl --csv /dev/fd/1 >got",
            "tfjit-tui export S.jsonl --csv /proc/self/fd/1 >got",
            "tfjit-tui export S.jsonl --csv /dev/stderr 2>got",
            "ln -s /dev/stdout link; tfjit-tui export S.jsonl --csv link >got; test -L link",
            "tfjit-tui export S.jsonl --csv >(cat >got; echo >done) && until test -e done; do :; done",
        ),
    ],
)
def test_so_does_a_descriptor_and_every_other_stream(script: str, shell: Shell) -> None:
    ran = shell(script)
    assert (ran.code, ran.stderr) == (0, "")
    lines = shell.read("got").splitlines()
    assert (lines[0].split(",")[0], len(lines)) == ("session_id", 4)


@pytest.mark.parametrize("name", ["-", *slowly("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")])
def test_what_a_log_held_before_stays(name: str, shell: Shell) -> None:
    ran = shell(f"echo before >log; tfjit-tui export S.jsonl --csv {name} >>log; echo after >>log")
    assert ran.code == 0
    lines = shell.read("log").splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("before", "after", 6)


@pytest.mark.slow
def test_a_process_substitution_is_written_to_its_end(shell: Shell) -> None:
    assert shell("tfjit-tui export S.jsonl --csv >(gzip >z.gz); until gzip -t z.gz; do :; done 2>/dev/null").code == 0
    assert shell("zcat z.gz").stdout.startswith("session_id,")


@pytest.mark.parametrize("name", ["/dev/fd/3 3>&1", *slowly("/dev/stdout", "/dev/fd/1")])
def test_tables_make_way_for_a_file_on_stdout(name: str, shell: Shell) -> None:
    ran = shell(f"tfjit-tui run matmul --modes eager {far(measure=['finish'])} --csv {name} | cat")
    rows = list(csv.DictReader(io.StringIO(ran.stdout, newline="")))
    assert [row["mode"] for row in rows] == ["eager"]
    assert "matmul" in ran.stderr


@pytest.mark.parametrize("output", ["-", *slowly("pipe", "/dev/stdout")])
def test_rows_come_as_cases_end(output: str, shell: Shell) -> None:
    """The second case never ends: without the rows of the first, this would not either."""
    read, table = ("cat pipe &", ">/dev/null") if output == "pipe" else ("", "")
    run = f"tfjit-tui {ENDLESS} --csv {output} {table}"
    with shell.start(f"mkfifo pipe; {read} {run} & echo $! >pid; wait") as process:
        assert process.stdout is not None
        row = next(csv.DictReader([process.stdout.readline(), process.stdout.readline()]))
        assert row["dims"] == "m=1 k=1024 n=1024"
        os.kill(shell.pid(), signal.SIGTERM)
        rest = list(csv.reader(process.stdout))
    assert [line[COLUMNS.index("status")] for line in rest] == ["cancelled"]


def test_a_reader_that_leaves_ends_a_run_whose_results_go_nowhere_else(shell: Shell) -> None:
    ran = shell(f"tfjit-tui {ENDLESS} --csv - | true")
    assert ran.code == 4
    assert "Traceback" not in ran.stderr


def test_a_reader_that_leaves_takes_no_other_output_with_it(shell: Shell) -> None:
    ran = shell(f"tfjit-tui {TWO} {far(measure=['finish'])} --csv >(true) --json out.json")
    assert ran.code == 4
    assert "nobody reads it any more" in ran.stderr
    assert len(json.loads(shell.read("out.json"))) == 2


def test_a_named_pipe_that_nobody_reads_is_given_up_after_the_other_outputs(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_stream, "READER_WAIT_S", 0.0)
    stand_in(monkeypatch, Scripted(NO_MODE_WINS))
    os.mkfifo("pipe")
    ran = invoke(*["run", "matmul", "--csv", "pipe", "--json", "out.json"])
    assert (ran.exit_code, ran.stderr.splitlines()[-1]) == (4, "tfjit-tui: cannot write pipe: nobody reads it")
    assert len(json.loads((home / "out.json").read_text())) == 1


@pytest.mark.slow
def test_a_reader_of_a_named_pipe_is_waited_for_some_seconds(shell: Shell) -> None:
    ran = shell(f"mkfifo pipe; tfjit-tui {TWO} {far(measure=['finish'])} --csv pipe --json out.json")
    assert (ran.code, ran.stderr.splitlines()[-1]) == (4, "tfjit-tui: cannot write pipe: nobody reads it")
    assert len(json.loads(shell.read("out.json"))) == 2


def test_a_reader_that_comes_late_gets_every_row(shell: Shell) -> None:
    run = f"tfjit-tui {TWO} {far(measure=['finish'])} --csv pipe --json out.json"
    ran = shell(f"mkfifo pipe; (until test -e out.json; do sleep 0.01; done; cat pipe >got) & {run} && wait")
    assert "pipe" not in ran.stderr
    assert len(shell.read("got").splitlines()) == 3


# --- plans ----------------------------------------------------------------------------------------------------------

PLAN = """
workload = "steps.py::step"
modes = ["eager"]
"""

MEASURE = far(measure=["echo", "finish"])


@pytest.mark.parametrize(
    "script",
    [
        f"cat sub/plan | tfjit-tui run - {MEASURE} --json out.json",
        *slowly(
            f"tfjit-tui run <(cat sub/plan) {MEASURE} --json out.json",
            f"tfjit-tui run - {MEASURE} --json out.json <sub/plan",
            f"tfjit-tui run /dev/stdin {MEASURE} --json out.json <sub/plan",
            f"tfjit-tui run /proc/self/fd/7 {MEASURE} --json out.json 7<sub/plan",
            f"mkfifo pipe; cat sub/plan >pipe & tfjit-tui run pipe {MEASURE} --json out.json",
        ),
    ],
)
def test_a_plan_that_comes_by_a_stream_names_files_of_the_current_directory(script: str, shell: Shell) -> None:
    shell.write("sub/plan", PLAN)
    assert shell(script).code == 1  # nothing was measured, since this far side measures nothing
    assert [case["workload"] for case in json.loads(shell.read("out.json"))] == ["steps.py::step"]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("run - <&-", "cannot read stdin: it is closed"),
        ("run - </dev/zero", "stdin is no plan: it holds more than 4 MiB"),
        ("run - --csv plan --force <plan", "--csv and the plan are the same file, 'plan'"),
        *slowly(
            ("run /dev/fd/9", "cannot read /dev/fd/9: it is closed"),
            ("run - </dev/null", "stdin: no workload is named"),
            ("run /dev/zero", "/dev/zero is no plan: it holds more than 4 MiB"),
            ("run typo.toml", "cannot read typo.toml: No such file or directory"),
            ("run - matmul <plan", "stdin says what to measure: name nothing beside it"),
            ("run - --dim m=2 <plan", "stdin says what to measure: give no --dim with it"),
            ("run <(echo wokload=1)", "there is no key 'wokload': did you mean workload?"),
        ),
    ],
)
def test_a_stream_that_is_no_plan_is_told_in_one_line(script: str, message: str, shell: Shell) -> None:
    shell.write("plan", PLAN)
    refused = shell(f"tfjit-tui {script}")
    assert refused.code == 2
    assert message in refused.complaint
