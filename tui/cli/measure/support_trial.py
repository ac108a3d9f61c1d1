"""Trying workloads of which nothing is known yet where they are to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.analysis.support import Place, Support, SupportFile, place_of, support_of, trial
from bench.catalogue import Workload
from bench.device_names import is_gpu
from bench.engine.source import Source
from bench.files.atomic_write import ExportError
from bench.plan import Plan, PlanError
from bench.session.session import Session

from .headless import ProgressReporter, measure_there
from .interruption import Interruption


@dataclass(frozen=True)
class Trials:
    """What is known now, by workload; `place` is None where TensorFlow could not be loaded.

    `troubles`: why something was not remembered.
    """

    session: Session
    place: Place | None
    known: Mapping[str, Support]
    troubles: tuple[str, ...] = ()


def try_workloads(
    source: Source,
    workloads: Sequence[Workload],
    device: str,
    memory: SupportFile,
    interruption: Interruption,
    *,
    again: bool,
    reporter: ProgressReporter,
) -> Trials:
    """Try those that `memory` knows nothing of, or all of them `again`, and remember. Raises PlanError."""
    known: dict[str, Support] = {}

    def plan_for(session: Session) -> Plan | None:
        names = [each.name for each in session.devices]
        if device not in names:
            why = "; ".join(session.missing) if is_gpu(device) else ""
            listed = f"TensorFlow lists {', '.join(names)}"
            raise PlanError(f"there is no device {device}: {why or listed}")
        if not again:
            known.update(memory.known(place_of(session, device), workloads))
        missing = [workload for workload in workloads if workload.name not in known]
        return trial(missing, device) if missing else None

    session = measure_there(source, plan_for, interruption, reporter)
    if not session.devices:
        return Trials(session, None, known)
    place = place_of(session, device)
    by_name = {workload.name: workload for workload in workloads}
    tried = (support_of(case, by_name[case.case.workload], place) for case in session.cases.values())
    found = {support.workload: support for support in tried if support is not None}
    troubles = [memory.trouble] if memory.trouble else []
    if found:
        try:
            memory.keep(found.values())
        except ExportError as error:
            troubles.append(f"what was found is not remembered: {error}")
    known = {name: support for name in by_name if (support := {**known, **found}.get(name))}
    return Trials(session, place, known, tuple(troubles))
