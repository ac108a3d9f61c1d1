"""Whether a process can go on with its accelerator after an error, by what the error says."""

from __future__ import annotations

import pytest

from bench.engine.device_errors import judge


@pytest.mark.parametrize(
    "text",
    [
        "CUDA error: Failed to synchronize: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered",
        "failed to enqueue: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure",
        "CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable ECC error encountered",
        "cudaErrorIllegalAddress: an illegal memory access was encountered",
        "CUDNN_STATUS_EXECUTION_FAILED in tensorflow/stream_executor/cuda/cuda_dnn.cc",
        "CUBLAS_STATUS_INTERNAL_ERROR",
        "GPU sync failed",
        "device-side assert triggered",
    ],
)
def test_an_error_of_the_device_leaves_it_useless_to_the_process(text: str) -> None:
    assert judge("failed", text) == "broken"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("out_of_memory", "OOM when allocating tensor with shape[65536,65536] on /device:GPU:0 by allocator GPU_0_bfc"),
        ("failed", "INTERNAL: failed to load: CUDA_ERROR_OUT_OF_MEMORY: out of memory"),
        ("", "RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes"),
    ],
)
def test_memory_that_ran_out_is_taken_anew(status: str, text: str) -> None:
    assert judge(status, text) == "exhausted"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("failed", "InvalidArgumentError: Matrix size-incompatible: In[0]: [2,3], In[1]: [4,5]"),
        ("unsupported", "AsString has no kernel for GPU:0"),
        ("failed", "CUDA_ERROR_NOT_SUPPORTED: operation not supported"),
        ("failed", "CUDNN_STATUS_NOT_SUPPORTED"),
        ("failed", "CUBLAS_STATUS_INVALID_VALUE"),
        ("out_of_memory", "OOM when allocating tensor with shape[9] on /device:CPU:0 by allocator cpu"),
        ("out_of_memory", "MemoryError: Unable to allocate 64.0 GiB for an array with shape (8589934592,)"),
        ("", ""),
    ],
)
def test_what_one_call_was_refused_leaves_the_device_as_it_was(status: str, text: str) -> None:
    assert judge(status, text) == ""
