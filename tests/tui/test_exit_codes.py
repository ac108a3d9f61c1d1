"""Exit code 1 means that a mode or a gate failed, and nothing else: what could not be written is 4."""

from __future__ import annotations

import pytest

from tests.shell import Shell, far

PRINTING = [
    "list",
    "list --json",
    "--help",
    "run --help",
    "config",
    "completion bash",
    "export S.jsonl --csv -",
    "export S.jsonl --json /dev/stdout",
    "compare S.jsonl T.jsonl",
    "compare S.jsonl T.jsonl --json",
    "sessions --json",
]

A_GATE = f"run matmul --modes eager,graph --fail-if 'graph_vs_eager < 1' {far(measure=['finish'])}"
"""It cannot be told whether it holds: exit code 3."""


@pytest.fixture
def shell(shell: Shell) -> Shell:
    """A shell with two sessions."""
    shell.record("matmul", "S.jsonl")
    shell.record("tour", "T.jsonl")
    return shell


@pytest.mark.parametrize("command", [*PRINTING, A_GATE])
def test_a_closed_pipe_a_full_disk_and_a_closed_stdout_are_exit_code_4(command: str, shell: Shell) -> None:
    piped = shell(f"tfjit-tui {command} | true")
    assert piped.code == 4
    assert "Traceback" not in piped.stderr
    full = shell(f"tfjit-tui {command} >/dev/full")
    assert full.code == 4
    assert full.stderr.endswith("stdout: No space left on device\n")
    closed = shell(f"tfjit-tui {command} >&-")
    assert (closed.code, closed.stderr.splitlines()[-1].endswith("stdout: it is closed")) == (4, True)


@pytest.mark.parametrize("command", [*PRINTING, A_GATE])
@pytest.mark.parametrize("closed", ["<&- 2>&-", "2>/dev/full", "2>&1 >/dev/null | true"])
def test_what_is_not_asked_for_may_be_closed(command: str, closed: str, shell: Shell) -> None:
    whole = shell(f"tfjit-tui {command}")
    ran = shell(f"tfjit-tui {command} {closed}")
    assert ran.code == whole.code
    assert "Traceback" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
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


@pytest.mark.parametrize("command", ["devices", "support matmul"])
def test_a_tensorflow_that_cannot_be_asked_is_exit_code_3(command: str, shell: Shell) -> None:
    ran = shell(f"tfjit-tui {command} --far 'sh -c \"echo no route to host >&2; exit 255;\"'")
    assert (ran.code, ran.complaint) == (3, "no route to host")
