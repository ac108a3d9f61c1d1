"""An output destroys nothing: not what is read, not what is kept, not what somebody else has written."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import socket
from pathlib import Path

import pytest
from click.testing import Result

from bench.report.csv_append import add_rows
from bench.report.csv_export import COLUMNS
from bench.report.earlier_export import marked
from bench.report.formats import FORMATS
from tests.far_side import far
from tests.shell import Shell
from tests.slow import slowly
from tests.tui.command import invoke, one_line

PLAN = 'workload = "matmul"\n'

FORMAT_NAMES = [each.name for each in FORMATS]


@pytest.fixture
def shell(shell: Shell, home: Path) -> Shell:
    """A shell with a session S.jsonl, a plan, some code and a SavedModel beside it, where this process works too."""
    assert shell.home == home
    shell.record("matmul", "S.jsonl")
    shell.write("plan.toml", PLAN)
    shell.write("steps.py", "def step():\n    return 1\n")
    shell.write("package/module.py", "def step():\n    return 1\n")
    shell.write("pk/__init__.py", "")
    shell.write("pk/sub/__init__.py", "")
    shell.write("exported/saved_model.pb", "graphs")
    shell.write("model.keras", "weights")
    shell.write("config/config.toml", "effect = 3\n")
    shell.write("config/themes/mine.toml", "")
    return shell


def run(command: str) -> Result:
    """Run `tfjit-tui COMMAND` in this process: for what no shell has a part in."""
    return invoke(*command.split())


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file and what it holds."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- no output is an input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "output",
    ["S.jsonl", "./S.jsonl", "config/../S.jsonl", "$PWD/S.jsonl", "hard", "soft", "soft_to_soft", "folder/S.jsonl"],
)
@pytest.mark.usefixtures("shell")
def test_a_session_is_never_exported_over_itself_however_it_is_called(output: str, home: Path) -> None:
    (home / "hard").hardlink_to(home / "S.jsonl")
    for name, target in {"soft": "S.jsonl", "soft_to_soft": "soft", "folder": "."}.items():
        (home / name).symlink_to(target)
    before = contents(home)
    for force in ("", "--force"):
        refused = run(f"export S.jsonl --csv {output.replace('$PWD', str(home))} {force}")
        assert refused.exit_code == 2
        assert "--csv and SESSION are the same file, " in one_line(refused)
    assert contents(home) == before


@pytest.mark.parametrize("output", ["to_descriptor", *slowly("/proc/self/fd/3", "/dev/fd/3")])
def test_nor_is_it_by_a_descriptor(output: str, shell: Shell) -> None:
    before = shell.read("S.jsonl")
    refused = shell(f"ln -s /dev/fd/3 to_descriptor; tfjit-tui export S.jsonl --csv {output} --force 3>>S.jsonl")
    assert refused.code == 2
    assert "--csv and SESSION are the same file, " in refused.complaint
    assert shell.read("S.jsonl") == before


@pytest.mark.parametrize(
    "redirection", ["--csv - >>S.jsonl", "--csv out >>S.jsonl", *slowly("--csv /dev/stdout >>S.jsonl")]
)
def test_nor_is_it_through_the_shell(redirection: str, shell: Shell) -> None:
    before = shell.read("S.jsonl")
    refused = shell(f"tfjit-tui export S.jsonl {redirection}")
    assert refused.code == 2
    assert re.search("(--csv|stdout) and SESSION are the same file", refused.complaint)
    assert shell.read("S.jsonl") == before


@pytest.mark.parametrize(
    ("words", "both"),
    [
        ("run plan.toml --csv plan.toml", "--csv and the plan are the same file"),
        ("run steps.py::step --json steps.py", "--json and steps.py::step are the same file"),
        ("run ./steps.py::step --json $PWD/steps.py", "--json and ./steps.py::step are the same file"),
        ("run package.module:step --md package/module.py", "--md and package.module:step are the same file"),
        ("run pk.sub.m:step --md pk/__init__.py", "--md and pk.sub.m:step are the same file"),
        ("run pk.sub.m:step --md pk/sub/__init__.py", "--md and pk.sub.m:step are the same file"),
        ("run model.keras --csv model.keras", "--csv and model.keras are the same file"),
        ("run exported/ --csv exported/saved_model.pb", "--csv: 'exported/saved_model.pb' lies in 'exported'"),
        ("run exported/ --csv exported/new.csv", "--csv: 'exported/new.csv' lies in 'exported'"),
        ("run matmul --session F --csv F", "--csv and --session are the same file"),
        ("run matmul --session F --csv ./config/../F", "--csv and --session are the same file"),
        ("run matmul --python bin/tfjit-tui --csv bin/tfjit-tui", "--csv and --python are the same file"),
        ("run matmul --csv config/config.toml", "--csv and the configuration are the same file"),
        ("run matmul --csv config/themes/mine.csv", "--csv: 'config/themes/mine.csv' lies in "),
        ("run matmul --csv state/settings.json", "--csv and the settings are the same file"),
        ("run matmul --csv state/support.json", "--csv and what `support` has found are the same file"),
        ("run matmul --csv out --json out", "--json and --csv are the same file"),
        ("run matmul --csv out --json ./out", "--json and --csv are the same file"),
    ],
)
def test_what_is_read_and_kept_is_no_output_and_that_is_told_before_anything_is_measured(
    words: str, both: str, shell: Shell, home: Path
) -> None:
    for name in ("settings.json", "support.json"):
        shell.write(f"state/{name}", "")
    before = contents(home)
    for force in ([], ["--force"]):
        refused = invoke(*words.replace("$PWD", str(home)).split(), *force)
        assert refused.exit_code == 2
        assert both in one_line(refused)
    assert contents(home) == before


@pytest.mark.parametrize(
    ("words", "both"),
    [
        ("run matmul --csv - --json /dev/fd/3 3>&1", "--json and --csv are the same file"),
        ("run matmul --csv log 2>log; cat log >&2; false", "--csv and stderr are the same file"),
        *slowly(
            ("run matmul --csv - --json /dev/stdout", "--json and --csv are the same file"),
            ("run matmul --csv log >log", "--csv and stdout are the same file"),
        ),
    ],
)
def test_a_stream_that_is_taken_is_no_output(words: str, both: str, shell: Shell) -> None:
    before = contents(shell.home)
    refused = shell(f"tfjit-tui {words}")
    assert refused.code == (1 if words.endswith("false") else 2)
    assert both in refused.complaint
    shell("rm -f log")
    assert contents(shell.home) == before


def test_a_session_that_is_gone_on_with_is_no_output(shell: Shell) -> None:
    before = "".join(shell.read("S.jsonl").splitlines(keepends=True)[:20])
    shell.write("torn.jsonl", before)
    refused = run("run --resume torn.jsonl --csv torn.jsonl --force")
    assert (refused.exit_code, "--csv and --resume are the same file" in one_line(refused)) == (2, True)
    assert shell.read("torn.jsonl") == before


def test_what_goes_through_a_descriptor_may_lie_beside_what_is_measured(shell: Shell) -> None:
    measure = f"tfjit-tui run ./ {far(measure=['finish'])} --modes graph --csv -"
    assert shell(f"cd exported; {measure} >out.csv").code == 1
    assert shell.read("exported/out.csv").startswith("session_id,")


@pytest.mark.usefixtures("shell")
def test_two_outputs_may_go_nowhere() -> None:
    assert run("export S.jsonl --csv /dev/null --json /dev/null").exit_code == 0


# --- a file of somebody else's is not replaced ----------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_an_earlier_export_is_replaced_and_another_file_only_by_force(name: str, shell: Shell) -> None:
    export = f"export S.jsonl --{name} out"
    assert run(export).exit_code == 0
    first = shell.read("out")
    assert run(export).exit_code == 0
    shell.write("out", "precious")
    refused = run(export)
    assert refused.exit_code == 2
    assert "'out' exists and is no earlier " in one_line(refused)
    assert "--force" in refused.stderr
    assert shell.read("out") == "precious"
    assert run(f"{export} --force").exit_code == 0
    assert shell.read("out") == first
    shell.write("out", "")
    assert run(export).exit_code == 0


@pytest.mark.parametrize("name", FORMAT_NAMES)
@pytest.mark.parametrize("other", FORMAT_NAMES)
def test_an_export_of_another_kind_is_somebody_elses(name: str, other: str) -> None:
    if name == other:
        return
    theirs, ours = (next(each for each in FORMATS if each.name == which) for which in (other, name))
    assert not ours.is_earlier(text_of(theirs.name))


def text_of(name: str) -> str:
    """What a kind of file looks like."""
    from bench.session.journal_reader import read_session
    from tests.paths import RECORDINGS

    chosen = next(each for each in FORMATS if each.name == name)
    return chosen.text(read_session(RECORDINGS / "matmul.jsonl").session, ())


OLDEST = COLUMNS[:31]
"""The columns of the first version."""

FORMATS_BY_NAME = {each.name: each for each in FORMATS}


@pytest.mark.parametrize(
    ("name", "text", "is_ours"),
    [
        ("csv", ",".join(OLDEST) + "\r\n", True),
        ("csv", ",".join((*COLUMNS, "my notes")) + "\r\n", False),
        ("csv", ",".join(OLDEST) + "\r\n" + "," * 30 + "\r\n", True),
        ("csv", ",".join(OLDEST) + "\r\n" + "," * 30 + "\r\nmy notes\r\n", False),
        ("csv", ",".join(OLDEST) + "\r\n" + "," * 30 + "my notes,\r\n", False),
        ("csv", "session_id,customer,amount\r\n", False),
        ("csv", "session_id\r\n", False),
        ("csv", '"never ended', False),
        ("json", "[]\n", True),
        ("json", '[{"session_id":"a","far":"", "case_id": "1"}]', True),
        ("json", '[{"session_id":"a","far":"", "case_id": "1"}]\nmy notes', False),
        ("json", '[{"session_id":"a","far":"", "case_id": my notes}]', False),
        ("json", '[{"session_id": 3}]', False),
        ("json", '{"session_id": "a", "far": ""}', False),
        ("md", "# Notes of mine\n", False),
        ("md", marked("# Ours\n"), True),
        ("md", marked("# Ours\n").replace("\n", "\r\n"), True),
        ("md", marked("# Ours\n").replace("Ours", "Mine"), False),
        ("md", "# A title\n" + marked("# Ours\n"), False),
        ("html", "<!doctype html>\n<title>Mine</title>", False),
        ("html", "<!doctype html>\n<title>Does JIT pay off? matmul</title></html>\n", True),
        ("html", "<!doctype html>\n<title>Does JIT pay off? matmul</title></html>\nmy notes", False),
    ],
)
def test_what_an_earlier_version_wrote_is_known_and_what_others_write_is_not(
    name: str, text: str, is_ours: bool
) -> None:
    assert FORMATS_BY_NAME[name].is_earlier(text) is is_ours


@pytest.mark.parametrize(
    ("name", "pattern", "replacement"),
    [
        ("md", b"Measured", b"Mine"),
        ("md", rb"\A", b"mine\n"),
        ("md", rb"\Z", b"mine\n"),
        ("html", b"</main>", b"mine</main>"),
        ("html", rb"\Z", b"mine\n"),
        ("json", rb"\Z", b"mine\n"),
        ("csv", rb"\Z", b"mine\n"),
        ("csv", rb"\r\n", b",mine\r\n"),
    ],
)
@pytest.mark.usefixtures("shell")
def test_words_that_a_person_has_put_into_an_export_are_theirs(
    name: str, pattern: bytes, replacement: bytes, home: Path
) -> None:
    run(f"export S.jsonl --{name} out")
    edited, changes = re.subn(pattern, replacement, (home / "out").read_bytes())
    assert changes
    (home / "out").write_bytes(edited)
    refused = run(f"export S.jsonl --{name} out")
    assert (refused.exit_code, (home / "out").read_bytes()) == (2, edited)
    assert "(or one that was edited or added to)" in one_line(refused)


def test_a_table_to_which_several_sessions_have_added_is_replaced_by_all_of_them_alone(shell: Shell) -> None:
    shell.record("tour", "T.jsonl")
    for each in ("S", "T"):
        assert run(f"export {each}.jsonl --csv all.csv --append").exit_code == 0
    grown = shell.read("all.csv")
    for command in ("export S.jsonl", "run matmul"):
        assert run(f"{command} --csv all.csv").exit_code == 2
        assert shell.read("all.csv") == grown
    assert run("export S.jsonl T.jsonl --csv all.csv").exit_code == 0
    assert run("export S.jsonl --csv all.csv --force").exit_code == 0
    assert run("export T.jsonl --csv all.csv").exit_code == 0  # as last week's results


@pytest.mark.slow
def test_a_file_too_large_to_be_read_whole_is_judged_by_how_it_begins(shell: Shell) -> None:
    shell("tfjit-tui export S.jsonl --csv out.csv; tail -n 1 out.csv >row; for _ in {1..99}; do cat row; done >rows")
    shell("for _ in {1..999}; do cat rows; done >>out.csv")
    assert (shell.home / "out.csv").stat().st_size > 16 << 20
    assert shell("tfjit-tui export S.jsonl --csv out.csv").code == 0
    assert len(shell.read("out.csv").splitlines()) == 4


def test_a_file_that_appears_while_it_is_measured_stays_and_the_results_lie_beside_it(shell: Shell) -> None:
    """The far side makes it: so it is there for certain once the check is over."""
    shell.write("far", "#!/bin/sh\necho precious > out.csv\nexit 1\n").chmod(0o755)
    ran = shell("tfjit-tui run matmul --csv out.csv --far ./far")
    assert ran.code == 4
    assert "out.csv has become another file meanwhile: wrote " in ran.stderr
    assert shell.read("out.csv") == "precious\n"
    assert shell.read("out.1.csv").startswith("session_id,")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("exported", "is a directory: name a file in it"),
        ("nowhere/out.csv", "there is no directory nowhere"),
        ("loop", "cannot write loop: "),
        ("socket", "it is neither a file, a pipe nor a character device"),
        ("/dev/fd/999", "it is closed"),
    ],
)
@pytest.mark.usefixtures("shell")
def test_what_cannot_be_written_is_refused(output: str, message: str, home: Path) -> None:
    (home / "loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
    refused = run(f"export S.jsonl --csv {output} --force")
    assert refused.exit_code == (4 if output.startswith("/dev") else 2)
    assert message in one_line(refused)


def test_a_link_stays_one_and_what_it_points_to_is_written(shell: Shell, home: Path) -> None:
    (home / "data").mkdir()
    (home / "out.csv").symlink_to("data/out.csv")
    for _ in range(2):  # there is no such file yet, and then there is
        assert run("export S.jsonl --csv out.csv").exit_code == 0
        assert (home / "out.csv").is_symlink()
    assert shell.read("data/out.csv").startswith("session_id,")


# --- rows are added -------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("jobs", [2, *slowly(6)])
def test_jobs_at_once_lose_no_row_and_write_one_header(jobs: int, shell: Shell) -> None:
    sessions(shell, *map(str, range(jobs)))
    appending = [f"tfjit-tui export {each}.jsonl --csv all.csv --append" for each in range(jobs)]
    assert shell(" & ".join(appending) + " & wait").code == 0
    header, *rows = rows_in((shell.home / "all.csv").read_bytes().decode())
    assert len(rows) == 3 * jobs
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
