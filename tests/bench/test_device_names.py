"""Devices by name: which there are, and which of them compute beside the CPU."""

from __future__ import annotations

import pytest

from bench.device_names import index_of, is_accelerator, is_device_name, is_gpu, kind_of


@pytest.mark.parametrize("name", ["CPU:0", "GPU:1", "XLA_CPU:0", "GPU:1234"])
def test_tensorflows_names_are_device_names(name: str) -> None:
    assert is_device_name(name)


@pytest.mark.parametrize(
    "name", ["", "gpu:0", "GPU", "GPU:", "GPU:-1", "GPU:12345", "CPU:0 ", "/device:GPU:0", "TPU:0"]
)
def test_other_words_are_not(name: str) -> None:
    assert not is_device_name(name)


def test_the_parts_of_a_name_are_told() -> None:
    assert (kind_of("XLA_CPU:12"), index_of("XLA_CPU:12")) == ("XLA_CPU", 12)


def test_the_kind_is_told_from_the_name_of_a_scope_too() -> None:
    assert kind_of("/device:XLA_CPU:0") == "XLA_CPU"


def test_all_but_a_cpu_computes_beside_it() -> None:
    assert {name: (is_accelerator(name), is_gpu(name)) for name in ("CPU:0", "GPU:0", "XLA_CPU:0")} == {
        "CPU:0": (False, False),
        "GPU:0": (True, True),
        "XLA_CPU:0": (True, False),
    }
