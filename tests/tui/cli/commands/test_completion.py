"""What a shell completes of a command line: asked in this process, and in a real bash."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.events import PlanStarted, SessionStarted, to_line
from bench.plan import PRECISIONS, Case, Plan
from tests.paths import ROOT
from tests.slow import slowly
from tests.tui.command import invoke
from tui.cli.commands.completion import PROGRAM, SHELLS, VARIABLE, Bash
from tui.cli.main import main
from tui.config.schema import KEYS


@pytest.fixture(autouse=True)
def at_home(home: Path) -> Path:
    """Every test has places of its own, and a file of the user's in the current directory."""
    (home / "steps.py").write_text("def scale(x): ...\ndef _helper(): ...\ndef shift(x): ...\n")
    (home / "model.keras").touch()
    (home / "nightly.toml").touch()
    (home / "notes.txt").touch()
    return home


def offered(line: str) -> dict[str, str]:
    """What may stand in place of the last word of a line, and what that is."""
    *words, incomplete = line.split(" ")
    items = Bash(main, {}, PROGRAM, VARIABLE).get_completions(words[1:], incomplete)
    return {item.value: item.help or "" for item in items if item.type == "plain"}


@pytest.mark.parametrize(
    ("line", "among"),
    [
        ("tfjit-tui r", {"run", "replay"}),
        ("tfjit-tui run ", {"matmul", "lstm", "steps.py::", "model.keras", "nightly.toml"}),
        ("tfjit-tui run matmul depth", {"depthwise_conv2d"}),
        ("tfjit-tui run ste", {"steps.py::"}),
        ("tfjit-tui run ./ste", {"./steps.py::"}),
        ("tfjit-tui run steps.py::", {"steps.py::scale", "steps.py::shift"}),
        ("tfjit-tui run matmul --dim ", {"m=", "k=", "n="}),
        ("tfjit-tui run matmul --dim m=", {"m=1024"}),
        ("tfjit-tui run matmul --sweep ", {"m=", "dtype=", "device=", "onednn="}),
        ("tfjit-tui run --dtype ", set(PRECISIONS)),
        ("tfjit-tui run --dtype=fl", {"float16", "float32", "float64"}),
        ("tfjit-tui run --modes eager,au", {"eager,autocluster"}),
        ("tfjit-tui run --effort ", {"quick", "thorough"}),
        ("tfjit-tui run --preset ", {"seed"}),
        ("tfjit-tui run --runtime ", {"onednn=", "intra_op_threads="}),
        ("tfjit-tui run --runtime onednn=", {"onednn=on", "onednn=off"}),
        ("tfjit-tui run --device ", {"CPU:0", "GPU:0"}),
        ("tfjit-tui support --device C", {"CPU:0"}),
        ("tfjit-tui compare ", {"20260101T000000Z-aa"}),
        ("tfjit-tui resume 2", {"20260101T000000Z-aa"}),
        ("tfjit-tui support soft", {"softmax"}),
        ("tfjit-tui --theme ", {"dark", "light"}),
        ("tfjit-tui config ", set(KEYS)),
        ("tfjit-tui completion ", set(SHELLS)),
    ],
)
def test_names_and_values_are_offered(line: str, among: set[str], home: Path) -> None:
    keep_session(home, "20260101T000000Z-aa")
    found = offered(line)
    assert among <= set(found)
    assert all(value.startswith(line.rpartition(" ")[2].removeprefix("--dtype=")) for value in found)


def test_what_is_chosen_already_or_private_or_no_code_is_not_offered() -> None:
    assert "eager,eager" not in offered("tfjit-tui run --modes eager,")
    assert set(offered("tfjit-tui run steps.py::")) == {"steps.py::scale", "steps.py::shift"}
    assert "notes.txt" not in offered("tfjit-tui run ")
    assert "steps.py::" not in offered("tfjit-tui support ")


def test_what_is_offered_is_explained() -> None:
    assert offered("tfjit-tui run lst")["lstm"].endswith(".")
    assert offered("tfjit-tui run matmul --dim m")["m="] == "m: 1-16384"
    assert offered("tfjit-tui config effo")["effort"] == KEYS["effort"].help


def test_a_command_that_there_is_not_offers_nothing() -> None:
    assert offered("tfjit-tui matmul --di") == {}


def keep_session(home: Path, name: str, *workloads: str) -> None:
    """A session's file, as far as its first plan."""
    folder = home / "state" / "sessions"
    folder.mkdir(parents=True, exist_ok=True)
    events = (SessionStarted(session_id=name, version="1", far=""), PlanStarted(plan=_plan(workloads), case_ids=()))
    (folder / f"{name}.jsonl").write_text("".join(to_line(event) + "\n" for event in events[: 1 + bool(workloads)]))


def _plan(workloads: tuple[str, ...]) -> Plan:
    return Plan(tuple(Case(workload) for workload in workloads or ("matmul",)))


@pytest.mark.parametrize("words", ["export ", "replay ", "run --resume "])
def test_sessions_are_offered_the_latest_first_with_what_they_measured(words: str, home: Path) -> None:
    keep_session(home, "20260101T000000Z-aa", "matmul")
    keep_session(home, "20260103T000000Z-cc")
    keep_session(home, "20260102T000000Z-bb", "lstm", "lstm", "fft")
    assert list(offered(f"tfjit-tui {words}").items()) == [
        ("20260103T000000Z-cc", ""),
        ("20260102T000000Z-bb", "lstm and 1 more"),
        ("20260101T000000Z-aa", "matmul"),
    ]


def test_a_sessions_file_that_is_none_is_offered_without_words(home: Path) -> None:
    keep_session(home, "20260101T000000Z-aa", "matmul")
    (home / "state" / "sessions" / "torn.jsonl").write_bytes(b'{"kind":"plan_started","plan":[\xff')
    assert offered("tfjit-tui export t") == {"torn": ""}


def test_where_nothing_was_kept_nothing_is_offered_or_made(home: Path) -> None:
    assert offered("tfjit-tui export ") == {}
    assert not (home / "state").exists()


@settings(max_examples=20)
@given(st.text(max_size=12))
def test_whatever_is_typed_is_answered(text: str) -> None:
    assert_answered(text)


@pytest.mark.slow
@given(st.text(max_size=12))
def test_whatever_else_is_typed_is_answered(text: str) -> None:
    assert_answered(text)


def assert_answered(text: str) -> None:
    for words in (["run"], ["run", "--dim"], ["run", "--modes"], ["export"], ["config"], []):
        Bash(main, {}, PROGRAM, VARIABLE).get_completions(words, text)


def test_completing_imports_nothing_slow() -> None:
    code = f"""
import os, sys
os.environ.update(COMP_WORDS="tfjit-tui run steps.py::s", {VARIABLE}="bash_complete")
sys.argv = ["tfjit-tui"]
from tui.cli.main import main
try:
    main()
except SystemExit:
    print(*sorted(name for name in sys.modules if "." not in name))
"""
    answer, imported = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.rsplit("\n", 2)[:2]
    assert answer.split() == ["plain,scale", "plain,shift"]
    assert not {"tensorflow", "textual", "numpy", "plotext", "rich"} & set(imported.split())


@pytest.mark.parametrize("shell", SHELLS)
def test_there_is_a_script_for_each_shell(shell: str) -> None:
    script = invoke("completion", shell).stdout
    assert f"{VARIABLE}={shell}_complete" in script
    assert "complete" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True)


# --- in a real bash ---------------------------------------------------------------------------------------------------


@pytest.fixture
def bash(home: Path) -> Path:
    """A file for bash to source: this program on the path, and its script."""
    program = home / "bin" / PROGRAM
    program.parent.mkdir()
    start = f"import sys; sys.argv[0] = {PROGRAM!r}; from tui.cli.main import main; main()"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(start)} "$@"\n')
    program.chmod(0o755)
    sourced = home / "sourced.sh"
    sourced.write_text(f"PATH={shlex.quote(str(program.parent))}:$PATH\n{invoke('completion', 'bash').stdout}")
    return sourced


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("tfjit-tui run steps.py::sc", "tfjit-tui run steps.py::scale "),
        ("tfjit-tui run softmax --dim ro", "tfjit-tui run softmax --dim rows="),
        ("tfjit-tui run --runtime=onednn=of", "tfjit-tui run --runtime=onednn=off "),
        ("tfjit-tui run --python ./notes", "tfjit-tui run --python ./notes.txt "),
        *slowly(
            ("true | tfjit-tui complet", "true | tfjit-tui completion "),
            ("tfjit-tui run depthw", "tfjit-tui run depthwise_conv2d "),
            ("tfjit-tui run ste", "tfjit-tui run steps.py::"),
            ("tfjit-tui run matmul --dim m=", "tfjit-tui run matmul --dim m=1024 "),
            ("tfjit-tui run --modes eager,pre", "tfjit-tui run --modes eager,predict "),
            ("tfjit-tui run --device G", "tfjit-tui run --device GPU:0 "),
            ("tfjit-tui run --device GPU:", "tfjit-tui run --device GPU:0 "),
            ("tfjit-tui export 2026", "tfjit-tui export 20260101T000000Z-aa "),
        ),
    ],
)
def test_bash_puts_in_what_is_missing_and_a_space_where_a_word_ends(
    typed: str, completed: str, bash: Path, home: Path
) -> None:
    keep_session(home, "20260101T000000Z-aa", "matmul")
    # Tab; a sign where the cursor is then; to the line's beginning and to its end, to have the line itself printed.
    lines = f"source {shlex.quote(str(bash))}; cd {shlex.quote(str(home))}\n{typed}\t~\x01echo '<\x05>'\n"
    shell = subprocess.run(
        ["bash", "--norc", "--noprofile", "-i"],
        input=lines,
        env={**os.environ, "TERM": "dumb", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert f"<{completed}~>" in shell.stdout, shell
