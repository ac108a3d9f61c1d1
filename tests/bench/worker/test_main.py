"""The worker's main, with stubs for TensorFlow and for what measures."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from bench.worker import main as module
from bench.worker.machine import environment


def test_a_worker_that_says_hello_is_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    requests: list[dict[str, Any] | None] = [{"do": "start", "options": {}}, None]
    channel = SimpleNamespace(next_request=lambda: requests.pop(0), emit=lambda event: done.append(event.kind))
    cases = SimpleNamespace(warm_up=lambda device: done.append(f"warm up {device}"))
    config = SimpleNamespace(list_physical_devices=lambda _: [])
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__="2.21.0", config=config))
    monkeypatch.setitem(sys.modules, "bench.worker.serve", SimpleNamespace(CaseRequests=lambda *_: cases))
    monkeypatch.setattr(module, "Channel", lambda: channel)
    monkeypatch.setattr(module, "faulthandler", SimpleNamespace(enable=lambda **_: None))
    monkeypatch.setattr(environment, "prepare", lambda _: ())
    module.main({})
    assert done == ["warm up CPU:0", "hello", "catalogue", "devices"]
