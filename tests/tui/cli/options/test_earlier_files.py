"""An output replaces an earlier export, and no file of somebody else's."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from bench.report.csv_export import COLUMNS
from bench.report.earlier_export import marked
from bench.report.formats import FORMATS
from tests.shell import Shell
from tests.tui.command import one_line, run

FORMAT_NAMES = [each.name for each in FORMATS]


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
