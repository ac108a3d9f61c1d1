"""What a worker tells of the variables that change how TensorFlow computes."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.plan import WorkerOptions
from bench.worker.machine import environment


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment of the test's own."""
    monkeypatch.setattr(os, "environ", {"PATH": "/bin"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XLA_FLAGS", "--xla_gpu_autotune_level=0"),
        ("TF_CUDNN_USE_AUTOTUNE", "0"),
        ("TF_GPU_ALLOCATOR", "cuda_malloc_async"),
        ("TF_DETERMINISTIC_OPS", "1"),
        ("TF_CUDNN_DETERMINISTIC", "1"),
        ("TF_ENABLE_ONEDNN_OPTS", "0"),
        ("ONEDNN_MAX_CPU_ISA", "AVX2"),
        ("NVIDIA_TF32_OVERRIDE", "0"),
        ("CUBLAS_WORKSPACE_CONFIG", ":4096:8"),
        ("OMP_NUM_THREADS", "1"),
    ],
)
def test_what_a_user_has_set_is_told(name: str, value: str) -> None:
    os.environ[name] = value
    assert (name, value) in environment.prepare()


def test_what_the_worker_sets_itself_is_not_told() -> None:
    assert environment.prepare() == ()
    assert os.environ["KERAS_BACKEND"] == "tensorflow"


def test_another_programs_variables_are_not_told() -> None:
    os.environ["TF_VAR_REGION"] = "eu"
    assert environment.prepare() == ()


@pytest.mark.parametrize("set_to", [None, "0", "1"])
def test_cudas_own_cache_stays_as_the_user_has_it_and_is_no_cached_compile(set_to: str | None) -> None:
    if set_to is not None:
        os.environ["CUDA_CACHE_DISABLE"] = set_to
    hello = environment.hello(SimpleNamespace(__version__="2.21.0"), environment.prepare())
    assert os.environ.get("CUDA_CACHE_DISABLE") == set_to
    assert hello.caches == ()


def test_hello_tells_of_no_cache_where_none_is_on() -> None:
    assert environment.hello(SimpleNamespace(__version__="2.21.0"), environment.prepare()).caches == ()


def test_a_tensorflow_that_is_too_old_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"^TensorFlow 2.9.1 is too old: 2.16 or newer is needed$"):
        environment.hello(SimpleNamespace(__version__="2.9.1"), ())


@pytest.mark.parametrize("in_a_file", [False, True])
def test_a_users_own_flags_stay_beside_the_one_that_clusters_on_cpus(in_a_file: bool, tmp_path: Path) -> None:
    (tmp_path / "flags").write_text("--tf_xla_max_cluster_size=9\n", encoding="utf-8")
    os.environ["TF_XLA_FLAGS"] = str(tmp_path / "flags") if in_a_file else "--tf_xla_max_cluster_size=9"
    environment.prepare(WorkerOptions(cluster_on_cpu=True))
    assert os.environ["TF_XLA_FLAGS"].split() == ["--tf_xla_max_cluster_size=9", "--tf_xla_cpu_global_jit"]
