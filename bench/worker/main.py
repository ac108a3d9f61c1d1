"""The worker: the only process that imports TensorFlow. Takes requests, measures cases, writes events."""

from __future__ import annotations

import faulthandler
import gc
from dataclasses import replace
from typing import Any

from ..catalogue import WORKLOADS
from ..catalogue.installed import installed_infos
from ..device_names import is_accelerator, is_gpu
from ..events import Catalogue, Devices
from ..plan import WorkerOptions
from .channel import Channel
from .machine import environment
from .machine.devices import list_devices
from .machine.gpu_facts import with_facts
from .machine.memory import held_bytes
from .machine.missing_gpus import why_missing
from .machine.suspensions import Stops


def main(bundle: dict[str, Any]) -> None:  # noqa: ARG001 - every main of the bundle takes it
    """Serve requests until the pipe ends."""
    channel = Channel()
    start = channel.next_request()
    if start is None:
        return
    faulthandler.enable(all_threads=False)  # a segfault leaves the Python line it came from in the log
    stops = Stops()
    stops.listen()
    options = WorkerOptions.from_dict(start["options"])
    settings = environment.prepare(options)
    import tensorflow as tf

    from .serve import CaseRequests  # imports numpy: where TensorFlow is missing, that is what should be said

    environment.limit_threads(tf, options.runtime)
    environment.use_tensor_float_32(tf, options.runtime.tf32)
    hello = environment.hello(tf, settings)
    devices = with_facts(tf, list_devices(tf, options))
    missing = () if any(is_gpu(device.name) for device in devices) else why_missing(tf, channel.log.beginning())
    cases = CaseRequests(tf, channel, options, stops, missing)
    if not any(is_accelerator(device.name) for device in devices):
        # With nothing else to take hold of, the first case need not wait for this.
        cases.warm_up("CPU:0")
    # TensorFlow's own objects stay: looking through them takes a tenth of a second each time.
    gc.collect()
    gc.freeze()
    # Last: who says hello answers the next request at once, a `stop` too.
    channel.emit(replace(hello, held_bytes=held_bytes()))
    built_in = tuple(workload.info() for workload in WORKLOADS.values())
    channel.emit(Catalogue(workloads=(*built_in, *installed_infos())))
    channel.emit(Devices(devices=devices, missing=missing))
    while (request := channel.next_request()) is not None:
        if request["do"] in ("measure", "verify"):
            cases.measure(request)
        elif request["do"] == "look":
            cases.look(request)
