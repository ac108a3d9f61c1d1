"""What is reported of a mode that cannot be measured: no device is there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from bench.events import Event, ModeFailed
from bench.plan import Case, Effort
from bench.worker.case.job import Job
from bench.worker.machine.suspensions import Stops

NO_KERNEL = "No registered 'AsString' OpKernel for 'GPU' devices compatible with node {{node AsString}}"


def test_a_kernel_that_is_missing_is_said_of_the_device_as_the_user_calls_it(tf: Any) -> None:
    events: list[Event] = []
    channel: Any = SimpleNamespace(emit=events.append)
    unused: Any = None
    job = Job(
        channel=channel,
        case_id="1",
        case=Case("string_ops", device="GPU:3"),
        workload=unused,
        effort=Effort(),
        effect=0.05,
        device="GPU:0",  # the only one that is visible
        peaks=unused,
        stops=Stops(),
    )
    job.fail("eager", tf.errors.NotFoundError(None, None, NO_KERNEL))
    (failed,) = events
    assert isinstance(failed, ModeFailed)
    assert (failed.status, failed.error) == ("unsupported", "AsString has no kernel for GPU:3")
