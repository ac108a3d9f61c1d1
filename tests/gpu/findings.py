"""The findings of the close reading that `python -m tests.gpu` tries: their numbers and what they say."""

from __future__ import annotations

FINDINGS: dict[int, str] = {
    1: "The cache flush moves no data, so a cold call is warm",
    2: "`predict` and eager ops without a GPU kernel fail, since soft placement is off",
    3: "Calls are grouped, so the time of host and device overlaps: no latency",
    4: "A killed GPU process may take longer to end than the engine waits",
    5: "With the CUDA cache off, each fresh worker compiles TensorFlow's kernels again",
    6: "Convolutions keep the first TF32 setting of a process",
    7: "Compile and first-call costs depend on what the worker did before",
    8: "TensorFlow lists no GPU, and the reason stays in its log",
    9: "An idle CUDA process, or a power cap, counts as a disturbance",
    10: "After an out-of-memory error later cases suffer, and each waits up to 10 s",
    11: "Workers are recycled at 3 GiB, and CUDA's libraries alone take 2",
    12: "Calls that block inside are called host-bound",
    13: "The memory of XLA includes what autotuning took",
    14: "Eager ops without a GPU kernel are called failed, not unsupported",
    15: "Driver and library versions are not recorded; NVML needs nvidia-ml-py",
    16: "The default device is CPU:0, and the start of a GPU shows only as starting",
    17: "Sums that differ from call to call go unchecked in float64 and 16 bits",
    18: "`ran_on` is the device of the op, not of the memory",
}

NOT_TRIED: dict[int, str] = {
    10: "An illegal address and an ECC error cannot be provoked from TensorFlow; only running out of memory is tried.",
    16: "Which device is the default needs no GPU to see; only the time of the start is tried.",
    17: "The tolerances are decided by reading the code; only whether sums repeat is tried.",
}
"""What a number covers beyond what is tried here."""
