"""The report: Markdown for a person, JSON for a program, and one archive to send. Pure but for the last."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.files.atomic_write import write_text
from bench.printable import printable, printable_json
from bench.report.markdown_export import escaped
from tests.gpu.findings import FINDINGS, NOT_TRIED
from tests.gpu.judging import Decision, decide
from tests.gpu.outcomes import OK, Outcome
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Probe, kind_of
from tests.gpu.probes.session import SESSION
from tests.gpu.scrubbing import scrub

VERSION = 1
MARKDOWN, JSON, ARCHIVE = "report.md", "report.json", "gpu-report.zip"


@dataclass(frozen=True)
class Report:
    """What was tried on a device, what became of each step, and what the rules made of it."""

    device: str
    probes: Sequence[Probe]
    outcomes: Sequence[Outcome]
    decisions: Sequence[Decision]

    @classmethod
    def of(cls, device: str, probes: Sequence[Probe], outcomes: Sequence[Outcome]) -> Report:
        """Decide every rule of the probes that mean something on this kind of device."""
        meant = [probe for probe in probes if kind_of(device) in probe.kinds]
        return cls(device, meant, outcomes, tuple(decide(meant, outcomes)))

    @property
    def is_rehearsal(self) -> bool:
        """Whether it ran on something else than a GPU, so that it answers nothing about one."""
        return kind_of(self.device) != "GPU"

    @property
    def is_complete(self) -> bool:
        """Whether every step ended well."""
        return all(outcome.status == OK for outcome in self.outcomes)

    @property
    def untried(self) -> list[int]:
        """The numbers of the findings that no probe decides on this kind of device."""
        tried = {decision.finding for decision in self.decisions}
        return [number for number in FINDINGS if number not in tried]

    def counts(self) -> str:
        """Return how many claims got which answer, in words."""
        counts = Counter(decision.verdict for decision in self.decisions)
        return ", ".join(f"{counts[verdict]} {verdict}" for verdict in (CONFIRMED, REFUTED, CANNOT_TELL))


def json_text(report: Report) -> str:
    """Return the report for a program: one object, whose strings hold nothing that acts on a terminal."""
    fields = {
        "version": VERSION,
        "device": report.device,
        "rehearsal": report.is_rehearsal,
        "complete": report.is_complete,
        "decisions": [asdict(decision) for decision in report.decisions],
        "untried": report.untried,
        "steps": [asdict(outcome) for outcome in report.outcomes],
    }
    return printable_json(json.dumps(scrub(fields), indent=1)) + "\n"


def markdown_text(report: Report) -> str:
    """Return the report for a person: the decisions in one table, then what was tried, measured and by what rule."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield f"# What a GPU tells: {escaped(report.device)}"
    if report.is_rehearsal:
        yield "**A rehearsal: it did not run on a GPU, so no answer below says anything about one.**"
    yield f"{report.counts()}. Findings are numbered as in `tests/gpu/findings.py`; 0 is what was found to be fine."
    rows = [("#", "claim", "", "seen")]
    rows += [(str(each.finding), each.claim, each.verdict, each.words) for each in _in_order(report.decisions)]
    yield _table(rows)
    if lacking := [outcome for outcome in report.outcomes if outcome.status != OK]:
        yield "## Steps that did not end well"
        yield "\n".join(
            f"- {escaped(f'{outcome.probe}, {outcome.step}: {outcome.status}: {outcome.error}')}" for outcome in lacking
        )
    if report.untried or NOT_TRIED:
        yield "## Not tried"
        lines = [f"- {number}: {FINDINGS[number]}: no probe for this kind of device" for number in report.untried]
        lines += [f"- {number}: {why}" for number, why in NOT_TRIED.items() if number not in report.untried]
        yield "\n".join(lines)
    for probe in report.probes:
        yield from _section(report, probe)


def _in_order(decisions: Sequence[Decision]) -> list[Decision]:
    """Return decisions by the number of their finding, those without one last."""
    return sorted(decisions, key=lambda decision: decision.finding or len(FINDINGS) + 1)


def _section(report: Report, probe: Probe) -> Iterator[str]:
    yield f"## {escaped(probe.name)}"
    yield escaped(probe.tried)
    for each in report.decisions:
        if each.probe == probe.name:
            yield f"- {escaped(each.claim)}: **{each.verdict}**. Rule: {escaped(each.rule)}"
    for outcome in report.outcomes:
        if outcome.probe == probe.name:
            at = f", {outcome.seconds:.0f} s, {escaped(outcome.at)}" if outcome.at else ""
            yield f"{escaped(outcome.step)}: {escaped(outcome.status)}{at}"
            if outcome.figures:
                yield _code(json.dumps(_rounded(scrub(outcome.figures)), indent=1, ensure_ascii=False))


def _rounded(value: Any) -> Any:
    """Return figures with four digits: more would be noise."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return value


def _table(rows: Sequence[Sequence[str]]) -> str:
    header, *others = ([escaped(cell) for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, ["---"] * len(header), *others))


def _code(text: str) -> str:
    """Return a block of code by indentation, which nothing in it can end."""
    return "\n".join(f"    {line}" for line in printable(text).split("\n"))


def write(report: Report, place: Path) -> list[Path]:
    """Write the report, and an archive of it with the session; return the paths. Raises ExportError, OSError."""
    place.mkdir(parents=True, exist_ok=True)
    markdown, as_json, archive = (place / name for name in (MARKDOWN, JSON, ARCHIVE))
    write_text(markdown_text(report), markdown, overwrite=True)
    write_text(json_text(report), as_json, overwrite=True)
    session = place / SESSION
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in (markdown, as_json, session):
            if path.exists():
                file.write(path, path.name)
    return [path for path in (markdown, as_json, session, archive) if path.exists()]
