"""Which compilation caches a user's settings switch on, by the rules of XLA's own parser."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.machine.compile_caches import active_caches

PERSISTENT = ("XLA's persistent cache",)
FLAG = "--tf_xla_persistent_cache_directory"


@pytest.mark.parametrize(
    ("variable", "value", "cache"),
    [
        ("TF_XLA_FLAGS", "--tf_xla_persistent_cache_directory=/c", "XLA's persistent cache"),
        ("XLA_FLAGS", "--xla_gpu_per_fusion_autotune_cache_dir=/c", "XLA's autotune cache"),
        ("XLA_FLAGS", "--xla_gpu_experimental_autotuner_cache_dir=/c", "XLA's autotune cache"),
        ("XLA_FLAGS", "--xla_gpu_load_autotune_results_from=/c/results.pb", "XLA's autotune cache"),
        ("XLA_FLAGS", "--xla_gpu_kernel_cache_file=/c/kernels", "XLA's kernel cache"),
        ("TF_JIT_CACHE_DIR", "/c", "TensorFlow's kernel cache"),
    ],
)
def test_each_cache_has_its_switch(variable: str, value: str, cache: str) -> None:
    assert active_caches({variable: value}) == (cache,)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"TF_XLA_FLAGS": "", "XLA_FLAGS": "", "TF_JIT_CACHE_DIR": ""},
        {"TF_XLA_FLAGS": "--tf_xla_auto_jit=2", "XLA_FLAGS": "--xla_gpu_autotune_level=0"},
        {"TF_XLA_FLAGS": f"{FLAG}="},
        {"TF_XLA_FLAGS": f"{FLAG}=''"},
        {"TF_XLA_FLAGS": f"{FLAG}=/c {FLAG}="},
        {"TF_XLA_FLAGS": f"{FLAG}_else=/c"},
        {"TF_XLA_FLAGS": f'--tf_xla_dump="{FLAG}=/c"'},
        {"TF_XLA_FLAGS": f"--tf_xla_auto_jit=2 stray {FLAG}=/c"},
        {"XLA_FLAGS": f"{FLAG}=/c"},
        {"CUDA_CACHE_DISABLE": "0", "CUDA_CACHE_PATH": "/c"},
        {"CUDA_CACHE_DISABLE": "1"},
    ],
)
def test_where_none_is_on_none_is_told(environ: dict[str, str]) -> None:
    assert active_caches(environ) == ()


@pytest.mark.parametrize(
    "flags",
    [
        f"{FLAG}=/c",
        f"  --tf_xla_auto_jit=2\t{FLAG}=/c\n--tf_xla_clustering_debug",
        f"{FLAG}='/a directory'",
        f'{FLAG}="/a \\"directory\\""--tf_xla_auto_jit=2',
        f"--tf_xla_ops_to_cluster='FUSIBLE MISC'{FLAG}=/c",
        f"{FLAG}='/never closed",
        f"{FLAG}= {FLAG}=/c",
    ],
)
def test_flags_are_read_in_every_form_that_xla_takes(flags: str, tmp_path: Path) -> None:
    assert active_caches({"TF_XLA_FLAGS": flags}) == PERSISTENT
    file = tmp_path / "flags"
    file.write_text(flags)
    assert active_caches({"TF_XLA_FLAGS": str(file)}) == PERSISTENT


def test_a_cache_is_told_once() -> None:
    flags = "--xla_gpu_per_fusion_autotune_cache_dir=/c --xla_gpu_load_autotune_results_from=/r"
    environ = {"XLA_FLAGS": flags, "TF_XLA_FLAGS": f"{FLAG}=/c"}
    assert active_caches(environ) == ("XLA's persistent cache", "XLA's autotune cache")


@pytest.mark.parametrize("path", ["no/such/file", "/", "/dev/zero", "\0", "x" * 10_000])
def test_a_file_that_cannot_be_read_switches_nothing_on(path: str) -> None:
    assert active_caches({"TF_XLA_FLAGS": path}) == ()


@given(st.text(alphabet=st.sampled_from("-= '\"\\_ax\n")))
def test_nothing_in_a_variable_raises(text: str) -> None:
    active_caches({"TF_XLA_FLAGS": text, "XLA_FLAGS": f"-{text}"})
