"""Exit code 1 means that a mode or a gate failed, and nothing else: what could not be written is 4."""

from __future__ import annotations

import os

import pytest

from tests.far_side import far
from tests.shell import Shell
from tests.slow import slowly

A_GATE = f"run matmul --modes eager,graph --fail-if 'graph_vs_eager < 1' {far(measure=['finish'])}"
"""It cannot be told whether it holds: exit code 3."""

PRINTING = ["--help", "completion bash", "export S.jsonl --csv -"]
"""Commands that write to stdout: by click, as it is, and by the writer of results."""

PRINTING_MORE = [
    "list",
    "list --json",
    "run --help",
    "config",
    "export S.jsonl --json /dev/stdout",
    "sessions --json",
]

COMPARING = ["compare S.jsonl T.jsonl", "compare S.jsonl T.jsonl --json"]
"""It cannot be told either whether there is a regression."""


@pytest.fixture
def shell(shell: Shell) -> Shell:
    """A shell with two sessions."""
    shell.record("matmul", "S.jsonl")
    shell.record("tour", "T.jsonl")
    return shell


@pytest.mark.parametrize("command", [*PRINTING, *slowly(*PRINTING_MORE, *COMPARING, A_GATE)])
def test_a_closed_pipe_a_full_disk_and_a_closed_stdout_are_exit_code_4(command: str, shell: Shell) -> None:
    piped = shell(f"tfjit-tui {command} | true")
    assert piped.code == 4
    assert "Traceback" not in piped.stderr
    full = shell(f"tfjit-tui {command} >/dev/full")
    assert full.code == 4
    assert full.stderr.endswith("stdout: No space left on device\n")
    closed = shell(f"tfjit-tui {command} >&-")
    assert (closed.code, closed.stderr.splitlines()[-1].endswith("stdout: it is closed")) == (4, True)


CODES = [(command, 0) for command in (*PRINTING, *PRINTING_MORE)] + [(command, 3) for command in COMPARING]


@pytest.mark.parametrize(("command", "code"), [(A_GATE, 3), *slowly(*CODES)])
def test_what_is_not_asked_for_may_be_closed(command: str, code: int, shell: Shell) -> None:
    for closed in ("<&- 2>&-", "2>/dev/full", "2>&1 >/dev/null | true"):
        ran = shell(f"tfjit-tui {command} {closed}")
        assert ran.code == code, closed
        assert "Traceback" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("closed", ["<&-", "<&- >&- 2>&-", *slowly(">&-", "2>&-")])
def test_the_screen_is_refused_where_a_stream_is_closed(closed: str, shell: Shell) -> None:
    ran = shell(f"tfjit-tui {closed}")
    assert ran.code == 2
    assert "Traceback" not in ran.stderr


def test_a_file_that_cannot_be_written_is_exit_code_4_and_the_others_are_written(shell: Shell) -> None:
    ran = shell("tfjit-tui export S.jsonl --csv /dev/full --json out.json --md -")
    assert ran.code == 4
    assert "tfjit-tui: cannot write /dev/full: No space left on device" in ran.stderr
    assert ran.stdout.startswith("### matmul")
    assert shell.read("out.json").startswith("[")


def test_a_gate_whose_table_is_cut_answers_where_results_go_to_a_file(shell: Shell) -> None:
    assert shell(f"tfjit-tui {A_GATE} --csv out.csv | true").code == 3
    assert shell.read("out.csv").startswith("session_id,")


def test_a_session_that_was_to_be_kept_and_is_not_is_exit_code_4(shell: Shell) -> None:
    ran = shell(f"(ulimit -f 2; tfjit-tui {A_GATE} --session kept.jsonl --sweep m=1..64)")
    assert ran.code == 4
    assert "the session file kept.jsonl ends here: File too large" in ran.stderr


@pytest.mark.parametrize("command", ["devices", *slowly("support matmul")])
def test_a_tensorflow_that_cannot_be_asked_is_exit_code_3(command: str, shell: Shell) -> None:
    ran = shell(f"tfjit-tui {command} --far 'sh -c \"echo no route to host >&2; exit 255;\"'")
    assert (ran.code, ran.complaint) == (3, "no route to host")


# --- what cannot be read is told as that, and is exit code 2 --------------------------------------------------------

WITHOUT_ROOTS_RIGHTS = "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search"


def as_anyone(command: str) -> str:
    """A command to which a directory of mode 0 is locked, for root too."""
    return f"{WITHOUT_ROOTS_RIGHTS if os.geteuid() == 0 else ''} tfjit-tui {command}"


@pytest.mark.parametrize(
    "command",
    [
        "export locked/S.jsonl --csv out.csv",
        *slowly(
            "run locked/plan.toml --dry-run",
            "compare locked/S.jsonl T.jsonl",
            "compare S.jsonl T.jsonl --plan locked/plan.toml",
            "export locked/S.jsonl --csv -",
            "replay locked/S.jsonl",
            "run --resume locked/S.jsonl",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(command: str, shell: Shell) -> None:
    shell("mkdir locked; cp S.jsonl locked; chmod 0 locked")
    ran = shell(as_anyone(command))
    assert (ran.code, ran.stdout) == (2, "")
    assert ran.complaint.startswith("cannot read ")
    assert "locked/" in ran.complaint
    assert ran.complaint.endswith(": Permission denied")


def test_a_file_that_cannot_be_looked_at_is_no_reason_not_to_list_a_plan(shell: Shell) -> None:
    shell("mkdir locked; chmod 0 locked")
    assert shell(as_anyone("run locked/x.py::f --dry-run >listed")).code == 0
    assert "x.py::f" in shell.read("listed")


def test_a_name_too_long_for_a_file_is_one_line(shell: Shell) -> None:
    ran = shell('tfjit-tui export "$(printf a%.0s {1..300})" --csv -')
    assert (ran.code, ran.complaint.endswith("aaa': File name too long")) == (2, True)


def test_a_current_directory_that_was_removed_is_named(shell: Shell) -> None:
    shell.write("plan.toml", 'workload = "matmul"\n')
    ran = shell('mkdir gone; plan="$PWD/plan.toml"; cd gone; rmdir ../gone; tfjit-tui run "$plan" --dry-run')
    last = ran.stderr.splitlines()[-1]  # the shell that starts the command complains too
    assert (ran.code, last) == (2, "tfjit-tui: cannot read the current directory: No such file or directory")


@pytest.mark.parametrize("variable", ["STATE", *slowly("CONFIG")])
def test_places_that_cannot_be_read_are_told_by_config_and_by_what_needs_them(variable: str, shell: Shell) -> None:
    shell("mkdir locked; chmod 0 locked")
    settled = f"export TFJIT_TUI_{variable}_DIR=locked/place;"
    ran = shell(settled + as_anyone("config"))
    assert "cannot be read: Permission denied" in ran.stdout
    assert "stdout" not in ran.stderr
    assert shell(settled + as_anyone("list")).code == 0
    if variable == "STATE":
        sessions = shell(settled + as_anyone("sessions"))
        assert (sessions.code, sessions.complaint) == (2, "cannot read 'locked/place/sessions': Permission denied")
