"""No output is an input: not what is read, and not what is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.far_side import far
from tests.shell import Shell
from tests.slow import slowly
from tests.tui.command import invoke, one_line, run


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file and what it holds."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
