"""`tfjit-tui support`: what works where."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.events import Devices, WorkerStarting
from tests.examples import STRINGS
from tests.tui.command import LACKS_TENSORFLOW, Scripted, invoke, one_line, stand_in


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where things are remembered."""
    monkeypatch.setenv("TFJIT_TUI_STATE_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("state")
def test_what_works_is_tried_once_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    source = stand_in(monkeypatch, Scripted(STRINGS))
    result = invoke("support", "matmul")
    assert result.stdout == (
        "workload  eager  graph  xla\n"
        "matmul    works  works  unsupported  op AsString\n\n"
        "0 of 1 work in every mode: TensorFlow 2.21.0, A Processor.\n"
    )
    assert [case.dims for case in source.plans[0].cases] == [(("m", 1), ("k", 1), ("n", 1))]
    again = stand_in(monkeypatch, Scripted(STRINGS[:3]))
    assert invoke("support", "matmul").stdout == result.stdout
    assert again.plans == []
    anew = stand_in(monkeypatch, Scripted(STRINGS))
    modes = json.loads(invoke("support", "matmul", "--again", "--json").stdout)[0]["modes"]
    assert modes["xla"] == {"status": "unsupported", "error": "op AsString"}
    assert len(anew.plans) == 1


@pytest.mark.usefixtures("state")
def test_a_device_that_is_not_there_is_told_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, Scripted(STRINGS))
    result = invoke("support", "matmul", "--device", "gpu:0")
    assert result.exit_code == 2
    assert "there is no device GPU:0: TensorFlow lists CPU:0" in one_line(result)


@pytest.mark.usefixtures("state")
def test_why_a_gpu_is_missing_is_told_of_a_gpu_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ("the driver has 1 GPU, TensorFlow lists none: install it",)
    stand_in(monkeypatch, Scripted([replace(e, missing=missing) if isinstance(e, Devices) else e for e in STRINGS]))
    result = invoke("support", "matmul", "--device", "GPU:0")
    assert "there is no device GPU:0: the driver has 1 GPU, TensorFlow lists none: install it" in one_line(result)


@pytest.mark.usefixtures("state")
def test_where_tensorflow_cannot_be_loaded_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    source = stand_in(monkeypatch, Scripted([WorkerStarting(), LACKS_TENSORFLOW]))
    result = invoke("support")
    assert result.exit_code == 3
    assert "install TensorFlow there" in one_line(result)
    assert source.plans == []


@pytest.mark.usefixtures("state")
def test_the_list_shows_what_was_found_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fails in" not in invoke("list").stdout
    stand_in(monkeypatch, Scripted(STRINGS))
    invoke("support", "matmul")
    listed = invoke("list").stdout
    assert "fails in" in listed.splitlines()[0]
    assert next(line.split()[5] for line in listed.splitlines() if line.startswith("matmul ")) == "xla"
    assert "1 of them was tried: TensorFlow 2.21.0, A Processor." in listed
