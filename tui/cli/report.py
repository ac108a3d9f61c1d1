"""What a run without a screen prints: tables and lines of plain text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from bench.analysis.breakdown import times_told, tracebacks_told
from bench.analysis.support import Place, Support
from bench.analysis.verdict import advise
from bench.catalogue import Workload
from bench.catalogue.installed import FAMILY, installed
from bench.events import Device, GpuFacts
from bench.plan import DEFAULT_MODES
from bench.plans.presets import PRESETS
from bench.report.gpu_text import card_text, driver_text
from bench.report.tables import breakdown_rows, filled, mode_rows
from bench.session.results import CaseResult

from ..presentation.status_text import describe_case

STATUS_WORDS = {"ok": "works", "out_of_memory": "out of memory", "timed_out": "timed out"}


def case_text(case: CaseResult) -> str:
    """A case: what was measured, tables of its modes, how the rounds went, the verdict, and what its preset claims."""
    version = f"TensorFlow {case.hello.tensorflow}" if case.case.far and case.hello else ""
    where = ", ".join(filter(None, (case.hardware, version)))
    title = f"{describe_case(case.case)} ({where})" if where else describe_case(case.case)
    table_of_modes = "" if case.refused else mode_table(case)
    parts = [title, table_of_modes, *tracebacks_told(case), breakdown_table(case), *times_told(case)]
    parts.append(advise(case, hint=_hint(case)).text)
    if preset := PRESETS.get(case.plan.preset):
        parts.append(f"The claims differ because {preset.why}")
    return "\n".join(part for part in parts if part)


def mode_table(case: CaseResult) -> str:
    """A row for each mode; columns in which nothing is known are left out."""
    return table(mode_rows(case))


def breakdown_table(case: CaseResult) -> str:
    """Where the time of each mode's call goes; empty where nothing is known of that."""
    rows = breakdown_rows(case)
    return "where the time of a call goes:\n" + table(rows) if rows else ""


def _hint(case: CaseResult) -> str:
    """How to learn more than `case` tells."""
    return "Give it more --processes" if case.processes > 1 else "Run it again with --effort thorough"


def workload_objects(workloads: Iterable[Workload]) -> list[dict[str, Any]]:
    """The catalogue as JSON objects; FLOPs and both figures of bytes are of a call at the default sizes, or null."""
    return [_workload_object(workload) for workload in workloads]


def _workload_object(workload: Workload) -> dict[str, Any]:
    names = ("name", "default", "low", "high")
    info = asdict(workload.info())
    sizes = {dim.name: dim.default for dim in workload.dims}
    return {
        **info,
        "dims": [dict(zip(names, dim, strict=True)) for dim in info["dims"]],
        "flops": workload.count_flops(sizes),
        "bytes": workload.count_bytes(sizes, "float32"),
        "bytes_unfused": workload.count_bytes_unfused(sizes, "float32"),
    }


def workload_table(workloads: Iterable[Workload], known: Mapping[str, Support] = MappingProxyType({})) -> str:
    """The catalogue: name, default sizes, the modes that are known to fail, and the first line of help; and what
    installed packages offer.
    """
    rows = [("workload", "family", "default sizes", "fails in", "")]
    for workload in workloads:
        sizes = " ".join(f"{dim.name}={dim.default}" for dim in workload.dims)
        failing = known[workload.name].troubles if workload.name in known else ()
        modes = " ".join(ending.mode for ending in failing)
        rows.append((workload.name, workload.family, sizes, modes, workload.help.partition("\n")[0]))
    rows += [(name, FAMILY, "", "", value) for name, value in installed().items()]
    if not known:
        return table(rows)
    place = next(iter(known.values())).place
    tried = f"{len(known)} of them {'was' if len(known) == 1 else 'were'} tried"
    return f"{table(rows)}\n\n{tried}: TensorFlow {place.tensorflow}, {place.hardware}."


def support_objects(known: Iterable[Support]) -> list[dict[str, Any]]:
    """What works as JSON objects."""
    return [
        {
            "workload": support.workload,
            **asdict(support.place),
            "modes": {ending.mode: {"status": ending.status, "error": ending.error} for ending in support.endings},
        }
        for support in known
    ]


def support_table(place: Place, known: Collection[Support]) -> str:
    """What works in which mode, why something does not, and how much of it there is."""
    rows: list[tuple[str, ...]] = [("workload", *DEFAULT_MODES, "")]
    for support in known:
        status = {ending.mode: ending.status for ending in support.endings}
        words = (STATUS_WORDS.get(status.get(mode, ""), status.get(mode, "")) for mode in DEFAULT_MODES)
        why = "; ".join(dict.fromkeys(ending.error for ending in support.troubles))
        rows.append((support.workload, *words, why))
    working = sum(not support.troubles for support in known)
    summary = f"{working} of {len(known)} work in every mode: TensorFlow {place.tensorflow}, {place.hardware}."
    return f"{table(rows)}\n\n{summary}"


def device_table(devices: Iterable[Device]) -> str:
    """Return TensorFlow's names and the makers', and of GPUs what is known beside."""
    rows = ((device.name, device.hardware, *_gpu_cells(device.gpu)) for device in devices)
    return table([("device", "hardware", "card", "driver"), *rows])


def _gpu_cells(gpu: GpuFacts | None) -> tuple[str, str]:
    return (card_text(gpu), driver_text(gpu)) if gpu else ("", "")


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows in columns, the first a header; a column whose cells are all empty is left out."""
    lines = filled(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
