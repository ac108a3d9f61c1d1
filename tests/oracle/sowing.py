"""Sow each fault into programs and judge the mode that has it, by the truth about the program without it."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.oracle.pool import Lost, in_processes
from tests.oracle.program import FLOATS, HERE, Program

EXCHANGED = "exchanged"
"""An operation stands for another: `by_chance.py` sows that itself."""

FAULTS = (
    *("sign", "rolled", "element", "nan", "zeros", "factor", "small_factor", "wrapped", "lost", "doubled", "stale"),
    EXCHANGED,
)

MODES = ("graph", "xla")

NOT_SOWN = "does not apply"


@dataclass(frozen=True)
class Sown:
    """How a mode of a program with a fault was judged."""

    program: Program
    fault: str
    mode: str
    outcome: str
    words: str = ""

    def record(self) -> dict[str, str]:
        """Return it as text, for a line of JSON."""
        return {**asdict(self), "program": str(self.program)}


def sow_into(program: Program, fault: str, where: str, folder: Path) -> Program:
    """Write a program with a fault (in graph, xla or both) into a folder, which a worker can run from there."""
    if fault == EXCHANGED:
        return replace(program, parameters=(*program.parameters, ("fault", 1)))
    module = re.sub(r"\W", "_", f"faults_in_{folder.name}")  # a name for each folder: AutoGraph reads the source again
    if not (faults := folder / f"{module}.py").exists():
        shutil.copy(HERE / "faults.py", faults)
    file = folder / f"{program.file.stem}_{program.name}_{fault}_{where}.py"
    sown = f"from {module} import sow\n\n{program.name} = sow({program.name}, {fault!r}, {where!r})\n"
    file.write_text(f"{program.file.read_text(encoding='utf-8')}\n\n{sown}", encoding="utf-8")
    return replace(program, file=file)


def judge_unsown(program: Program) -> list[Sown]:
    """Judge each mode of a program as it is."""
    from tests.oracle.verdicts import verdicts

    return [Sown(program, "", mode, verdict.outcome, verdict.words) for mode, verdict in verdicts(program).items()]


def judge_sown(program: Program) -> list[Sown]:
    """Sow each fault into the traced modes of a program, where they are right without it, and judge those modes."""
    from tests.oracle.observe import Failed, observe
    from tests.oracle.verdicts import Known, verdict_on

    eager = observe(program, "eager")
    if isinstance(eager, Failed):
        return []
    known = Known(program, eager)
    modes = [mode for mode in MODES if _is_right(program, mode, known)]
    judged = []
    with tempfile.TemporaryDirectory(prefix="sown") as folder:
        for fault in faults_of(program):
            sown = sow_into(program, fault, "both", Path(folder))
            for mode in modes:
                observed = observe(sown, mode)
                does_not = isinstance(observed, Failed) and "DoesNotApply" in observed.reason
                if does_not or (fault == "stale" and not eager.second_differs):
                    judged.append(Sown(program, fault, mode, NOT_SOWN))
                else:
                    verdict = verdict_on(observed, known)
                    judged.append(Sown(program, fault, mode, verdict.outcome, verdict.words))
    return judged


def _is_right(program: Program, mode: str, known: object) -> bool:
    from tests.oracle.observe import observe
    from tests.oracle.verdicts import Known, verdict_on

    assert isinstance(known, Known)
    if mode in program.ends_process():
        return False
    return verdict_on(observe(program, mode), known).outcome == "agrees"


def faults_of(program: Program) -> Sequence[str]:
    """Return the faults that may be sown into a program."""
    return FAULTS if "seed" in dict(program.parameters) else FAULTS[:-1]


def judge_all_sown(programs: Iterable[Program], processes: int) -> Iterator[tuple[Program, list[Sown] | Lost]]:
    """Sow into each program that is no random number's, several at a time."""
    yield from in_processes(judge_sown, [program for program in programs if not program.draws()], processes)


OUTCOMES = ("differs", "cannot tell", "agrees", "cannot run", NOT_SOWN)


def table(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the counts by fault and dtype as a table; a record has a `program`, a `fault` and an `outcome`."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for each in records:
        last = each["program"].split()[-1]
        counts[each["fault"], last if last in FLOATS else "not given", each["outcome"]] += 1
    rows = sorted({(fault, dtype) for fault, dtype, _ in counts}, key=lambda row: (FAULTS.index(row[0]), row[1]))
    lines = [f"{'fault':<14}{'dtype':<12}" + "".join(f"{outcome:>16}" for outcome in OUTCOMES)]
    for fault, dtype in rows:
        numbers = "".join(f"{counts[fault, dtype, outcome]:>16}" for outcome in OUTCOMES)
        lines.append(f"{fault:<14}{dtype:<12}{numbers}")
    return "\n".join(lines)
