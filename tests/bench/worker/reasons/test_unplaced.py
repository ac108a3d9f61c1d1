"""What is said of an operation that has no kernel for a device, by messages that TensorFlow 2.21 has given."""

from __future__ import annotations

from typing import Any

import pytest

from bench.worker.errors import describe_failure
from bench.worker.reasons.unplaced import unplaced

TASK = "/job:localhost/replica:0/task:0"


def refused(device: str, op: str, supported: str = "CPU") -> str:
    """Return what an eager op says where soft placement is off."""
    present = f"{TASK}/device:CPU:0, {TASK}/device:XLA_CPU:0, {TASK}/device:GPU:0"
    return (
        f"Could not satisfy device specification '{TASK}/device:{device}'. enable_soft_placement=0. "
        f"Supported device types [{supported}]. All available devices [{present}]. [Op:{op}] name: "
    )


COLOCATED = f"""Cannot assign a device for operation ResourceSparseApplyProximalAdagrad: Could not satisfy explicit \
device specification '{TASK}/device:XLA_CPU:0' because no supported kernel for XLA_CPU devices is available.
Colocation Debug Info:
Colocation group had the following types and supported devices: 
Root Member(assigned_device_name_index_=1 requested_device_name_='{TASK}/device:XLA_CPU:0' \
assigned_device_name_='{TASK}/device:XLA_CPU:0' resource_device_name_='{TASK}/device:XLA_CPU:0' \
supported_device_types_=[CPU] possible_devices_=[]
ResourceSparseApplyProximalAdagrad: CPU 
_Arg: CPU XLA_CPU 

Colocation members, user-requested devices, and framework assigned devices, if any:
"""  # noqa: W291 - as TensorFlow writes it

ELSEWHERE = f"""Trying to access resource Variable/3 (defined @ /home/me/mine.py:45) located in device \
{TASK}/device:CPU:0 from device {TASK}/device:XLA_CPU:0
 Cf. https://www.tensorflow.org/xla/known_issues#tfvariable_on_a_different_device [Op:__inference_f_162]"""

UNREGISTERED = (
    "No registered 'TensorScatterAdd' OpKernel for 'GPU' devices compatible with node {{node TensorScatterAdd}}"
)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (refused("XLA_CPU:0", "AsString"), "AsString has no kernel for XLA_CPU:0"),
        (refused("GPU:0", "Eig"), "Eig has no kernel for GPU:0"),
        (COLOCATED, "ResourceSparseApplyProximalAdagrad has no kernel for XLA_CPU:0"),
        (UNREGISTERED, "TensorScatterAdd has no kernel for GPU:0"),
        (
            f"{UNREGISTERED}\n\t (OpKernel was found, but attributes didn't match) Requested Attributes: T=DT_BFLOAT16",
            "TensorScatterAdd has no bfloat16 kernel for GPU:0",
        ),
        (ELSEWHERE, "XLA on XLA_CPU:0 cannot use what lies on CPU:0, such as a variable or a lookup table"),
    ],
)
def test_the_operation_and_the_device_are_named(message: str, words: str) -> None:
    assert unplaced(message) == words


def test_the_device_has_the_users_name_for_it() -> None:
    assert unplaced(refused("GPU:0", "AsString"), "GPU:3") == "AsString has no kernel for GPU:3"


@pytest.mark.parametrize(
    "message",
    [
        "shapes do not match",
        refused("GPU:7", "AsString"),  # there is no such device
        refused("GPU:0", "AsString", "CPU, GPU"),
        "Cannot assign a device for operation f/x: {{node f/x}} was explicitly assigned to /device:GPU:9 but available "
        "devices are [ /job:localhost/replica:0/task:0/device:CPU:0 ].",
    ],
)
def test_other_messages_are_left_to_others(message: str) -> None:
    assert unplaced(message) == ""


@pytest.mark.parametrize("message", [refused("GPU:0", "AsString"), COLOCATED, ELSEWHERE])
def test_a_kernel_that_is_missing_makes_a_mode_unsupported(tf: Any, message: str) -> None:
    status, words = describe_failure(tf.errors.InvalidArgumentError(None, None, message), "eager", device="GPU:0")
    assert (status, words) == ("unsupported", unplaced(message, "GPU:0"))


def test_what_an_emulated_device_compiles_by_itself_is_not_said_to_be_the_users_wish(tf: Any) -> None:
    message = (
        "Detected unsupported operations when trying to compile graph __inference_f_46[_XlaMustCompile=true] on "
        "XLA_CPU_JIT: AsString (No registered 'AsString' OpKernel for XLA_CPU_JIT devices compatible with node "
        "{{node AsString}}){{node AsString}}"
    )
    refusal = tf.errors.InvalidArgumentError(None, None, message)
    op = "op AsString, which works on strings"
    assert describe_failure(refusal, "graph", device="XLA_CPU:0") == (
        "unsupported",
        f"the emulated device compiles whole graphs: {op}",
    )
    assert describe_failure(refusal, "xla", device="XLA_CPU:0") == ("unsupported", op)
    assert describe_failure(refusal, "graph", device="CPU:0")[1].startswith("within a tf.function with jit_compile=Tru")
