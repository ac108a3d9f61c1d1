"""The whole way, in a terminal: from `tfjit-tui` to a CSV, with a real worker behind it."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import psutil
import pytest

from tests.end_to_end.main_screen import choose_small_matmul, result_rows, rounds_shown
from tests.far_side import far_command
from tests.terminal import Terminal
from tests.tui.config.settling import settle

FIGURE = r"\d+(\.\d+)? (s|ms|µs)( ±([\d.]+|>10×))?"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal in which everything that TensorFlow has to say would be said, and that refines nothing."""
    settle(tmp_path, "refine = 0")
    return Terminal(home=tmp_path, TF_CPP_MIN_LOG_LEVEL="0", TF_CPP_MAX_VLOG_LEVEL="0")


@pytest.mark.tensorflow
def test_a_newcomer_measures_changes_a_dimension_measures_again_and_leaves_with_a_csv(
    terminal: Terminal, tmp_path: Path
) -> None:
    with terminal:
        terminal.shows("loading TensorFlow")
        terminal.shows("○ ready")
        choose_small_matmul(terminal)
        terminal.type("r")
        terminal.until(lambda: rounds_shown(terminal) > 0, "figures to arrive")
        first = rounds_shown(terminal)
        terminal.until(lambda: rounds_shown(terminal) > first, "figures to move while it measures")
        terminal.shows("○ ready")

        assert_nothing_stray(terminal)
        rows = result_rows(terminal)
        assert len(rows) == 1
        assert "64 64 64" in rows[0]

        terminal.type("]")
        terminal.shows("128")
        terminal.type("r")
        terminal.until(lambda: len(result_rows(terminal)) == 2, "a second row")
        terminal.shows("64 64 128")
        terminal.until(lambda: "○ ready" in terminal.text, "the second case to end")
        assert_nothing_stray(terminal)

        terminal.type("e")
        terminal.shows(".csv")
        terminal.type("\r")
        terminal.shows("Wrote")
        terminal.type("q")
        assert terminal.exit_status() == 0
    (exported,) = tmp_path.glob("*.csv")
    rows_written = list(csv.DictReader(exported.open(newline="", encoding="utf-8")))
    assert [row["mode"] for row in rows_written] == ["eager", "graph", "xla"] * 2
    assert {row["status"] for row in rows_written} == {"ok"}
    assert rows_written[3]["dims"] == "m=64 k=64 n=128"


def assert_nothing_stray(terminal: Terminal) -> None:
    """Every line of the screen is one of ours: no log line of TensorFlow's, no leftover."""
    kinds = {
        "header": r" tfjit  matmul · m=\d+ k=\d+ n=\d+ · float32 · CPU:0 +○ ready",
        "titles": r"─setup─+latency per call(: median, 95 % interval| · ┊ n=64 before)─+",
        "op": rf" op +matmul +▼ +eager +[█▉▊▋▌▍▎▏▒┤┊┼·]* +{FIGURE}",
        "m": rf" m +\d+ +1-16384 +graph +[█▉▊▋▌▍▎▏▒┤┊┼·]* +{FIGURE}",
        "k": rf" k +\d+ +1-16384 +xla +[█▉▊▋▌▍▎▏▒┤┊┼·]* +{FIGURE}",
        "n": r" n +\d+ +1-16384 +─latest rounds.*─",
        "dtype": r" dtype +float32 +▼ +eager +[▁▂▃▄▅▆▇█]+ .*",
        "device": r" device +CPU:0.*▼ +graph +[▁▂▃▄▅▆▇█]+ .*",
        "modes": r" modes +☑eager ☑graph ☑xla +xla +[▁▂▃▄▅▆▇█]+ .*",
        "effort": r" effort +quick +▼",
        "verdict": r"─verdict( · d tells where the time goes)?─+",
    }
    lines = terminal.lines
    for (name, pattern), line in zip(kinds.items(), lines, strict=False):
        assert re.fullmatch(pattern, line), f"{name}: {line!r}\n{terminal.text}"
    results = next(index for index, line in enumerate(lines) if line.startswith("─results─"))
    sentence = " ".join(line.strip() for line in lines[len(kinds) : results])
    assert re.search(r"\b(Use|Keep|Do not use|Cannot tell yet)", sentence), sentence
    assert lines[results + 1].split()[:3] == ["workload", "dims", "type"]
    table = lines[results + 2 : -1]
    assert all(line == "" or line.startswith(" matmul ") for line in table), terminal.text
    assert lines[-1].split()[:2] == ["r", "run"]


@pytest.mark.slow
def test_without_tensorflow_the_screen_says_what_to_do(tmp_path: Path) -> None:
    import venv

    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    with Terminal("--python", str(tmp_path / "bare/bin/python"), home=tmp_path) as terminal:
        terminal.shows("No module named 'tensorflow'")
        terminal.shows("pip install tensorflow")
        terminal.type("q")
        assert terminal.exit_status() == 0


def test_a_workload_is_picked_by_keys_that_come_all_at_once(tmp_path: Path) -> None:
    with Terminal("--far", far_command(), home=tmp_path) as terminal:
        terminal.shows("r run")
        terminal.type("/lstm\r")
        terminal.until(lambda: field(terminal, "op") == "lstm", "the workload to be picked")
        terminal.type("/*gelu mlp\x1b[B\x1b[A\rjj]")
        terminal.until(lambda: field(terminal, "op") == "gelu_mlp", "the workload to be picked")
        terminal.until(lambda: field(terminal, "width") == "512", "its width to be doubled")
        terminal.type("q")
        assert terminal.exit_status() == 0


def field(terminal: Terminal, name: str) -> str:
    """What a field of the setup holds."""
    found = re.search(rf"(?m)^ {name} +(\S+)", terminal.text)
    return found[1] if found else ""


@pytest.mark.slow
def test_ctrl_c_leaves_too(tmp_path: Path) -> None:
    with Terminal("--far", far_command(start=[]), home=tmp_path) as terminal:
        terminal.shows("loading TensorFlow")
        terminal.type("\x03")
        assert terminal.exit_status() == 0


@pytest.mark.tensorflow
@pytest.mark.slow
def test_the_screen_outlives_twenty_workers_killed_at_random(tmp_path: Path) -> None:
    rng = random.Random(20)
    settle(tmp_path, "refine = 0")
    with Terminal(home=tmp_path) as terminal:
        terminal.shows("○ ready")
        for killed in range(1, 21):
            terminal.type("r")
            last = rng.randrange(1, 6)
            terminal.until(lambda last=last: rounds_shown(terminal) >= last, "rounds")  # type: ignore[misc]
            for process in psutil.Process(terminal.pid).children(recursive=True):
                if "-c" in process.cmdline():
                    process.kill()
            terminal.until(lambda killed=killed: failures_shown(terminal) >= min(killed, 5), "a failed row")  # type: ignore[misc]
            terminal.shows("SIGKILL")
            terminal.shows("○ ready")
        terminal.type("r")
        terminal.until(lambda: rounds_shown(terminal) > 0, "the next case to be measured")
        terminal.until(lambda: "○ ready" in terminal.text, "it to end")
        assert "failed" not in result_rows(terminal)[-1]
        terminal.type("q")
        assert terminal.exit_status() == 0


def failures_shown(terminal: Terminal) -> int:
    """How many rows of the table tell of a mode that failed."""
    return sum("failed" in line for line in result_rows(terminal))
