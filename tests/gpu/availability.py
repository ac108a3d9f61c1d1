"""Whether the device can be tried, and on the machine that earlier results came from."""

from __future__ import annotations

from tests.gpu.evidence import CannotTellError, Evidence
from tests.gpu.outcomes import OK, Outcomes, OutcomesError
from tests.gpu.probe import kind_of
from tests.gpu.probes.presence import PROBE as PRESENCE
from tests.gpu.running import RunStep

SAME = ("gpus", "tensorflow", "driver_version")
"""What must be the same for earlier steps to count."""


def why_unavailable(device: str, run: RunStep, kept: Outcomes) -> str:
    """Return why the device cannot be tried, on one line; empty if it can. Raises OutcomesError for another machine."""
    (step,) = PRESENCE.steps
    found = run(PRESENCE.name, step, step.time_limit_s)
    if found.status != OK:
        return f"no {device}: TensorFlow cannot be asked: {found.error}"
    evidence = Evidence({step.name: found})
    gpus = evidence.value(step.name, "gpus")
    if kind_of(device) == "GPU" and int(device.partition(":")[2]) >= len(gpus):
        return _no_gpu(device, step.name, evidence)
    before = kept.of(PRESENCE.name, step.name)
    if before:
        for name in SAME:
            if before.figures.get(name) != found.figures.get(name):
                raise OutcomesError(
                    f"the results are of another machine ({name}: {before.figures.get(name)}, here "
                    f"{found.figures.get(name)}): choose another --out, or try all anew with --fresh"
                )
    kept.keep(found)
    return ""


def _no_gpu(device: str, step: str, evidence: Evidence) -> str:
    listed = len(evidence.value(step, "gpus"))
    try:
        driver = f"the driver has {evidence.number(step, 'driver_gpus'):.0f}"
    except CannotTellError:
        driver = "no CUDA driver answers"
    version = evidence.value(step, "tensorflow")
    why = "It is built without CUDA"
    if evidence.flag(step, "built_with_cuda"):
        why = f"Its log says: {'; '.join(map(str, evidence.value(step, 'reasons'))) or 'nothing'}"
    return f"no {device}: TensorFlow {version} lists {listed or 'no'} GPU, {driver}. {why}"
