"""Whoever ends a run gets what was finished until then, and is told how to go on."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import signal
import subprocess

import psutil
import pytest

from tests.far_side import far, far_command
from tests.shell import Ran, Shell
from tests.slow import slowly
from tui.cli.measure.interruption import HEEDED, heeding_signals

BEGUN = {"measure 1": ["begin", "estimate", "end"], "measure 2": ["begin"]}

STOPS = {"stop": ["give_up"], "kill": ["die"]}

RUN = f"tfjit-tui run matmul --sweep m=1,2,3 --modes eager {far(**BEGUN, **STOPS)} --session kept.jsonl"
"""The first case ends, the second never does."""

CODES = [(signal.SIGTERM, 143), *slowly((signal.SIGINT, 130), (signal.SIGHUP, 129))]


def left_behind(shell: Shell) -> list[str]:
    """Processes that still run where the script did."""
    processes = psutil.process_iter(["cwd", "status", "cmdline"])
    here = (each.info for each in processes if each.info["cwd"] == str(shell.home))
    return [" ".join(info["cmdline"] or []) for info in here if info["status"] != psutil.STATUS_ZOMBIE]


def ended_by(number: int, process: subprocess.Popen[str], shell: Shell) -> Ran:
    """Send a signal to the command; how it ends then."""
    os.kill(shell.pid(), number)
    ran = shell.end(process)
    assert left_behind(shell) == []
    assert "Traceback" not in ran.stderr
    return ran


@pytest.mark.parametrize(("number", "code"), CODES)
def test_what_is_finished_is_written_to_every_output_and_the_rest_is_cancelled(
    number: signal.Signals, code: int, shell: Shell
) -> None:
    outputs = "--csv out.csv --json out.json --md out.md --html >(cat >out.html)"
    with shell.start(f"{RUN} {outputs} & echo $! >pid; wait $!") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("matmul · m=1 ")  # the first case has ended
        ran = ended_by(number, process, shell)
    assert ran.code == code
    rows = list(csv.DictReader(io.StringIO(shell.read("out.csv"), newline="")))
    assert [(row["latency_us_p50"], row["status"] == "cancelled") for row in rows] == [
        ("1000", False),
        ("", True),
        ("", True),
    ]
    assert [case["state"] for case in json.loads(shell.read("out.json"))] == ["done", "cancelled", "cancelled"]
    assert shell.read("out.md").count("###") == 3
    assert "m=3" in shell.read("out.html")
    assert ran.stderr.splitlines()[-1] == "the rest is measured by: tfjit-tui run --resume kept.jsonl"


@pytest.mark.parametrize("output", ["out.csv", *slowly("- >out.csv")])
def test_what_is_told_goes_on_with_the_rest(output: str, shell: Shell) -> None:
    with shell.start(f"{RUN} & echo $! >pid; wait $!") as process:
        assert process.stdout is not None
        process.stdout.readline()
        ran = ended_by(signal.SIGTERM, process, shell)
    resume = ran.stderr.splitlines()[-1].partition(": ")[2]
    resumed = shell(f"{resume} {far(measure=['finish'])} --csv {output}")
    rows = csv.DictReader(io.StringIO(shell.read("out.csv"), newline=""))
    assert [(row["dims"].split()[0], row["status"]) for row in rows] == [
        ("m=1", "ok"),
        ("m=2", "failed"),
        ("m=3", "failed"),
    ]
    assert resumed.code == 1


@pytest.mark.parametrize("command", ["run matmul --csv out.csv", "devices", *slowly("support matmul")])
def test_while_tensorflow_loads_it_ends_alike(command: str, shell: Shell) -> None:
    shell.write("far", f"#!/bin/sh\necho >loading\nexec {far_command(start=[], **STOPS)}\n").chmod(0o755)
    with shell.start(f"tfjit-tui {command} --far ./far & echo $! >pid; wait $!") as process:
        shell.appears("loading")
        assert ended_by(signal.SIGTERM, process, shell).code == 143
    if "--csv" in command:
        assert [row["status"] for row in csv.DictReader(io.StringIO(shell.read("out.csv")))] == ["cancelled"] * 3


def test_a_signal_while_outputs_are_written_loses_none(shell: Shell) -> None:
    measure = f"tfjit-tui run matmul --modes eager {far(measure=['finish'])}"
    with shell.start(f"mkfifo pipe; {measure} --csv out.csv --md pipe >/dev/null & echo $! >pid; wait $!") as process:
        shell.appears("out.csv")
        os.kill(shell.pid(), signal.SIGTERM)
        assert shell("cat pipe").stdout.startswith("### matmul")
        assert shell.end(process).code == 143


def test_a_named_pipe_without_a_reader_keeps_neither_a_signal_nor_other_outputs(shell: Shell) -> None:
    run = f"mkfifo pipe; {RUN} --csv pipe --json out.json & echo $! >pid; wait $!"
    with shell.start(run) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the first case has ended
        ran = ended_by(signal.SIGTERM, process, shell)
    assert ran.code == 143
    assert [case["state"] for case in json.loads(shell.read("out.json"))] == ["done", "cancelled", "cancelled"]
    assert "tfjit-tui: cannot write pipe: nobody reads it\n" in ran.stderr
    assert ran.stderr.splitlines()[-1] == "the rest is measured by: tfjit-tui run --resume kept.jsonl"


@pytest.mark.slow
def test_a_second_signal_ends_the_process_at_once(shell: Shell) -> None:
    """The pipe that nobody reads would keep it for ever."""
    measure = f"tfjit-tui run matmul --modes eager {far(measure=['finish'])}"
    with shell.start(f"mkfifo pipe; {measure} --csv out.csv --md pipe >/dev/null & echo $! >pid; wait $!") as process:
        shell.appears("out.csv")
        while process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(shell.pid(), signal.SIGTERM)
        assert process.returncode == 143


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_that_ends_a_process_is_heeded_and_has_its_exit_code(number: signal.Signals) -> None:
    with heeding_signals() as interruption:
        assert signal.getsignal(number) == interruption.hear
        signal.raise_signal(number)
        assert interruption.exit_code == 128 + number


def test_a_signal_that_was_ignored_before_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with heeding_signals():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_after_the_first_signal_all_others_are_the_systems_again() -> None:
    before = [signal.getsignal(number) for number in HEEDED]
    with heeding_signals() as interruption:
        signal.raise_signal(signal.SIGTERM)
        assert interruption
        assert [signal.getsignal(number) for number in HEEDED] == [signal.SIG_DFL] * len(HEEDED)
    assert [signal.getsignal(number) for number in HEEDED] == before
