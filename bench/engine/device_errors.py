"""Tell from an error's text whether the process can still compute on its accelerator.

The texts are those of XLA's `stream_executor/cuda/cuda_status.cc` (`INTERNAL: CUDA error: <what failed>:
CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered`), of CUDA's runtime and of its libraries.
"""

from __future__ import annotations

import re

HARMLESS = (
    *("OUT_OF_MEMORY", "NOT_FOUND", "NOT_READY", "NOT_SUPPORTED", "INVALID_VALUE", "LAUNCH_OUT_OF_RESOURCES"),
    *("INVALID_PTX", "INVALID_IMAGE", "INVALID_SOURCE", "NO_BINARY_FOR_GPU", "UNSUPPORTED_PTX_VERSION"),
)
"""Lists errors of CUDA's driver that refuse one call and leave the process as it was."""

REFUSED = ("SUCCESS", "NOT_SUPPORTED", "BAD_PARAM", "INVALID_VALUE", "ARCH_MISMATCH", "LICENSE_ERROR")
"""Lists how libraries refuse one call and leave the process as it was."""

BROKEN = re.compile(
    rf"CUDA_ERROR_(?!(?:{'|'.join(HARMLESS)})\b)[A-Z]"
    r"|cudaError(?:IllegalAddress|LaunchFailure|LaunchTimeout|MisalignedAddress|HardwareStackError|IllegalInstruction"
    r"|InvalidAddressSpace|InvalidPc|Assert|ECCUncorrectable|Unknown)\b"
    rf"|CU(?:DNN|BLAS|SOLVER|SPARSE|FFT)_STATUS_(?!(?:{'|'.join(REFUSED)})\w*)[A-Z]"
    r"|an illegal memory access was encountered|an illegal instruction was encountered|misaligned address"
    r"|unspecified launch failure|the launch timed out and was terminated|device-side assert triggered"
    r"|uncorrectable ECC error|hardware stack error"
    r"|GPU sync failed|Failed to synchronize GPU|Unexpected Event status"
    r"|(?:cuDNN|Blas [\w ]+) launch fail"
)
"""Finds an error after which every later call of the process may fail, or compute nonsense."""

EXHAUSTED = re.compile(
    r"CUDA_ERROR_OUT_OF_MEMORY|RESOURCE_EXHAUSTED|[Oo]ut of memory|OOM when allocating|failed to allocate"
)

ON_HOST = re.compile(r"device:CPU:\d+ by allocator|Unable to allocate .* for an array")
"""Finds memory of the machine that ran out, not of the accelerator."""


def judge(status: str, text: str) -> str:
    """Return `broken` or `exhausted` for an error that a worker on an accelerator met; empty if it may go on.

    `status`: one of STATUSES, or empty for an error of the whole case.
    """
    if BROKEN.search(text):
        return "broken"
    ran_out = status == "out_of_memory" or EXHAUSTED.search(text) is not None
    return "exhausted" if ran_out and not ON_HOST.search(text) else ""
