"""`--append`: rows are added to a table, once, whoever adds others meanwhile."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import signal
from pathlib import Path

import pytest

from bench.report.csv_append import Added, add_rows
from bench.report.csv_export import COLUMNS
from tests.far_side import far
from tests.shell import Shell
from tests.tui.command import one_line, run


def rows_in(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_rows_are_added_under_the_header_that_is_there(shell: Shell) -> None:
    sessions(shell, "one", "two")
    for each in ("one", "two"):
        assert run(f"export {each}.jsonl --csv all.csv --append").exit_code == 0
    header, *rows = rows_in((shell.home / "all.csv").read_bytes().decode())
    assert tuple(header) == COLUMNS
    assert [row[COLUMNS.index("mode")] for row in rows] == ["eager", "graph", "xla"] * 2


def sessions(shell: Shell, *ids: str) -> None:
    """Sessions that measured the same."""
    recorded = shell.read("S.jsonl")
    for each in ids:
        shell.write(f"{each}.jsonl", recorded.replace("recorded-matmul", each))


def test_a_row_that_is_there_already_is_not_added_again(shell: Shell) -> None:
    path, append = shell.home / "all.csv", "export S.jsonl --csv all.csv --append"
    assert run(append).stderr == "wrote all.csv\n"
    before = path.read_bytes()
    assert run(append).stderr == "wrote all.csv: 3 rows were there already\n"
    assert path.read_bytes() == before
    path.write_bytes(b"".join(before.splitlines(keepends=True)[:2]))
    assert run(append).stderr == "wrote all.csv: 1 row was there already\n"
    assert path.read_bytes() == before


def test_a_row_that_is_out_of_date_is_replaced_and_others_stay_as_they_are_written(shell: Shell) -> None:
    sessions(shell, "other")
    for session, name in (("other", "all.csv"), ("S", "mine.csv")):
        assert run(f"export {session}.jsonl --csv {name}").exit_code == 0
    path = shell.home / "all.csv"
    others = path.read_bytes().replace(b",ok,", b',"ok",')
    _, *mine = (shell.home / "mine.csv").read_bytes().replace(b",ok,", b",cancelled,").splitlines(keepends=True)
    path.write_bytes(others + b"".join(mine))
    path.chmod(0o640)
    ran = run("export S.jsonl --csv all.csv --append")
    assert ran.stderr == "wrote all.csv: 3 rows were out of date and replaced\n"
    assert path.read_bytes().startswith(others)
    assert [row[COLUMNS.index("status")] for row in rows_in(shell.read("all.csv"))] == ["status", *["ok"] * 6]
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.slow
def test_what_a_resumed_run_adds_stands_in_the_table_once(shell: Shell) -> None:
    """The row of a cancelled case makes way for that of the measured one."""
    command = "tfjit-tui run matmul --sweep m=1,2 --modes eager --csv all.csv --append --session kept.jsonl"
    with shell.start(f"{command} {CANCELLING} & echo $! >pid; wait $!") as process:
        assert process.stdout is not None
        process.stdout.readline()  # the first case has ended
        os.kill(shell.pid(), signal.SIGTERM)
        assert shell.end(process).code == 143
    assert statuses(shell) == ["failed", "cancelled"]
    resume = f"tfjit-tui run --resume kept.jsonl --csv all.csv --append {far(measure=['finish'])}"
    assert "1 row was there already; 1 row was out of date and replaced" in shell(resume).stderr
    assert statuses(shell) == ["failed", "failed"]


CANCELLING = far(**{"measure 1": ["finish"], "measure 2": ["begin"]}, stop=["give_up"])


def statuses(shell: Shell) -> list[str]:
    return [row[COLUMNS.index("status")] for row in rows_in(shell.read("all.csv"))[1:]]


@pytest.mark.parametrize("line_end", ["\r\n", "\n"], ids=repr)
def test_a_last_line_that_lacks_its_end_gets_one_of_the_files_own(line_end: str, shell: Shell) -> None:
    sessions(shell, "other")
    path = shell.home / "all.csv"
    run("export S.jsonl --csv all.csv")
    path.write_bytes(path.read_bytes().replace(b"\r\n", line_end.encode()).removesuffix(line_end.encode()))
    ran = run("export other.jsonl --csv all.csv --append")
    assert ran.stderr == "wrote all.csv: its last row was incomplete (the line had no end)\n"
    text = path.read_bytes().decode()
    assert len(rows_in(text)) == 7
    assert text.count("\n") == text.count(line_end) == 7


@pytest.mark.parametrize("cut", ["1", '1,"in the middle of a ce'])
def test_a_row_that_was_cut_takes_no_later_row_along(cut: str, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text(f"a,b\n{cut}")
    assert add_rows("a,b\r\n3,4\r\n", path).torn
    assert rows_in(path.read_text())[-1] == ["3", "4"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (",".join(COLUMNS[:-1]), f"it has no column '{COLUMNS[-1]}'"),
        (",".join((*COLUMNS, "mine")), "it has a column 'mine' that the results lack"),
        (",".join(("run", *COLUMNS[1:])), "its column 1 is 'run', that of the results 'session_id'"),
    ],
)
def test_columns_that_differ_are_named(header: str, message: str, shell: Shell) -> None:
    shell.write("all.csv", header + "\n")
    refused = run("run matmul --csv all.csv --append --force")
    assert (refused.exit_code, message in one_line(refused)) == (2, True)
    assert shell.read("all.csv") == header + "\n"


@pytest.mark.parametrize("words", ["", "--dry-run"])
@pytest.mark.usefixtures("shell")
def test_a_session_that_exists_is_refused_in_a_dry_run_too(words: str) -> None:
    refused = run(f"run matmul --session S.jsonl {words}")
    message = "tfjit-tui: S.jsonl exists already: a session never writes over a file\n"
    assert (refused.exit_code, one_line(refused)) == (2, message)


@pytest.mark.parametrize("words", ["--append", "--json out --append", "--csv - --append"])
@pytest.mark.usefixtures("shell")
def test_rows_are_added_to_a_table_in_a_file_alone(words: str) -> None:
    refused = run(f"run matmul {words}")
    assert refused.exit_code == 2
    assert "--append adds rows to a" in one_line(refused)


def test_what_another_job_adds_while_its_lock_is_waited_for_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, text, flock = tmp_path / "all.csv", "session_id,mode\r\ns,eager\r\n", fcntl.flock

    def wait(descriptor: int, how: int) -> None:
        path.write_text(text, newline="")
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", wait)
    assert add_rows(text, path) == Added(known=1)
    assert rows_in(path.read_text()) == [["session_id", "mode"], ["s", "eager"]]


@pytest.mark.slow
def test_six_jobs_at_once_lose_no_row_and_write_one_header(shell: Shell) -> None:
    sessions(shell, *map(str, range(6)))
    appending = [f"tfjit-tui export {each}.jsonl --csv all.csv --append" for each in range(6)]
    assert shell(" & ".join(appending) + " & wait").code == 0
    header, *rows = rows_in((shell.home / "all.csv").read_bytes().decode())
    assert len(rows) == 18
    assert header not in rows


def test_what_could_not_be_added_as_a_whole_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "all.csv"
    add_rows("a,b\r\n1,2\r\n", path)
    before, write = path.read_bytes(), os.write

    def full(descriptor: int, data: bytes) -> int:
        write(descriptor, bytes(data)[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        add_rows("a,b\r\n3,4\r\n", path)
    assert path.read_bytes() == before
