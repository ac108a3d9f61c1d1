"""The command line as a whole: what it lists and offers, and what it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from bench.engine.source import Source
from bench.events import Device, Devices, Event, FarLost, GpuFacts, WorkerStarting
from bench.plan import Case
from tests.paths import RECORDINGS
from tests.slow import slowly
from tests.tui.command import LACKS_TENSORFLOW, Scripted, invoke, one_line, stand_in
from tui.cli import startup
from tui.cli.options.session_argument import open_session
from tui.cli.report import case_text, table


def test_list_names_every_workload_with_its_default_sizes() -> None:
    result = invoke("list")
    assert result.exit_code == 0
    assert "m=1024 k=1024 n=1024" in result.stdout
    listed = json.loads(invoke("list", "--json").stdout)
    assert {"name": "m", "default": 1024, "low": 1, "high": 16_384} in listed[0]["dims"]
    assert (listed[0]["flops"], listed[0]["bytes"]) == (2 * 1024**3, 3 * 4 * 1024**2)
    assert next(workload["flops"] for workload in listed if workload["name"] == "tiny_ops") is None
    assert all(workload["name"] in result.stdout for workload in listed)


def test_what_installed_packages_offer_is_listed_and_run_by_its_name(
    source: Scripted, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "my_package").mkdir()
    (home / "my_package" / "layers.py").write_text("def layer(*, rows: int = 1): ...\n")
    offered = EntryPoints([EntryPoint("my_layer", "my_package.layers:layer", "tfjit_tui.workloads")])
    monkeypatch.setattr("bench.catalogue.installed.entry_points", lambda group: offered.select(group=group))
    assert "my_layer" in invoke("list").stdout
    invoke("run", "my_layer", "--dim", "rows=3")
    assert source.plans[0].cases == (Case("my_package.layers:layer", (("rows", 3),)),)


def test_devices_are_tensorflows_with_their_makers_names(source: Scripted) -> None:
    assert invoke("devices").stdout == "device  hardware\nCPU:0   A Processor\n"
    cpu = {"name": "CPU:0", "hardware": "A Processor", "gpu": None}
    assert json.loads(invoke("devices", "--json").stdout) == [cpu]
    assert source.closed


def test_devices_tell_of_a_gpu_what_moves_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = GpuFacts(driver="580.65.06", driver_cuda="13.0", cuda="12.5.1", compute_capability="9.0")
    event = Devices(devices=(Device("CPU:0", "A Processor"), Device("GPU:0", "NVIDIA H100", facts)))
    stand_in(monkeypatch, Scripted([WorkerStarting(), event]))
    assert invoke("devices").stdout.splitlines() == [
        "device  hardware     card                    driver",
        "CPU:0   A Processor",
        "GPU:0   NVIDIA H100  compute capability 9.0  driver 580.65.06 (CUDA 13.0), TensorFlow with CUDA 12.5.1",
    ]
    listed = json.loads(invoke("devices", "--json").stdout)
    assert listed[1]["gpu"]["driver"] == "580.65.06"


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_devices_tell_beside_the_table_why_a_gpu_is_missing(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = "the driver has 1 GPU, TensorFlow lists none: pip install it (TensorFlow's log: Cannot dlopen)"
    event = Devices(devices=(Device("CPU:0", "A Processor"),), missing=(missing,))
    stand_in(monkeypatch, Scripted([WorkerStarting(), event]))
    result = invoke("devices", *words)
    assert result.exit_code == 0
    assert result.stderr == f"T{missing[1:]}.\n"
    assert "Cannot dlopen" not in result.stdout


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (LACKS_TENSORFLOW, "No module named 'tensorflow': install TensorFlow there, or"),
        (FarLost(exit_code=255, reason="no route to host"), "no route to host"),
        (Devices(devices=()), "TensorFlow listed no device"),
    ],
)
def test_devices_that_cannot_be_listed_are_exit_code_3(
    trouble: Event, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, Scripted([WorkerStarting(), trouble]))
    result = invoke("devices")
    assert result.exit_code == 3
    assert message in one_line(result)


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ((), ()),
        (("--far", "ssh box python3"), ("--far", "ssh box python3")),
        (("--python", "python3", "--gpu-memory-limit", "512"), ("--python", "python3", "--gpu-memory-limit", "512")),
    ],
)
def test_the_bare_command_opens_the_screen(
    words: Sequence[str], arguments: tuple[str, ...], source: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[Source, tuple[str, ...]]] = []
    monkeypatch.setattr(
        startup, "show", lambda source, _path, far_arguments, **_: shown.append((source, far_arguments))
    )
    monkeypatch.setattr(startup, "check_terminal", lambda: None)
    assert invoke(*words).exit_code == 0
    assert shown == [(source, arguments)]


def test_version_and_help() -> None:
    assert invoke("--version").stdout.startswith("tfjit-tui, version ")
    result = invoke("--help")
    assert result.exit_code == 0
    assert all(command in result.stdout for command in ("run", "list", "devices", "export", "replay"))


def test_every_recorded_case_can_be_told() -> None:
    for path in RECORDINGS.glob("*.jsonl"):
        _, session = open_session(str(path))
        for case in session.cases.values():
            assert case_text(case).startswith(case.case.workload)


def test_a_column_in_which_nothing_is_known_is_left_out() -> None:
    assert table([("a", "b", "c"), ("1", "", "3"), ("22", "", "")]) == "a   c\n1   3\n22"


@pytest.mark.parametrize("command", ["run matmul", *slowly("list", "devices")])
def test_no_command_without_a_screen_loads_textual_and_none_loads_tensorflow(command: str) -> None:
    code = (
        "import sys; from tests.examples import NO_MODE_WINS; from tests.tui.command import Scripted\n"
        "from tui.cli import main as cli, startup\n"
        "assert 'textual' not in sys.modules\n"
        "startup.open_engine = lambda *_, **__: (Scripted(NO_MODE_WINS), None)\n"
        f"try: cli.main({command.split()!r})\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'textual', 'tensorflow', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
