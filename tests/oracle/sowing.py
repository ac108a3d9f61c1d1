"""Sow each fault into programs and judge the mode that has it, by the truth about the program without it."""

from __future__ import annotations

import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.oracle.pool import Lost, in_processes
from tests.oracle.program import HERE, Program

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
    """How a mode of a program with a fault was judged.

    `dtype`, `size`: of the first array that the program leaves behind, the size as the number of its values.
    """

    program: Program
    fault: str
    mode: str
    outcome: str
    words: str = ""
    dtype: str = ""
    size: int = 0

    def record(self) -> dict[str, Any]:
        """Return it as text, for a line of JSON."""
        return {**asdict(self), "program": str(self.program)}


def sow_into(program: Program, fault: str, where: str, folder: Path) -> Program:
    """Write a program with a fault (in graph, xla or both) into a folder, which a worker can run from there."""
    if fault == EXCHANGED:
        place = dict(program.parameters)["seed"] // len(FAULTS) + 1
        return replace(program, parameters=(*program.parameters, ("fault", place)))
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
    return _judge_sown(program, faults_of(program))


def judge_sown_once(program: Program) -> list[Sown]:
    """Sow one fault into a program, which it can have; the seed of a program by chance draws it."""
    faults = faults_of(program)
    first = random.Random(dict(program.parameters).get("seed", 0)).randrange(len(faults))
    for fault in (*faults[first:], *faults[:first]):
        judged = _judge_sown(program, [fault])
        if any(each.outcome != NOT_SOWN for each in judged) or not judged:
            return judged
    return []


def _judge_sown(program: Program, faults: Sequence[str]) -> list[Sown]:
    from tests.oracle.observe import Failed, observe
    from tests.oracle.verdicts import Known, verdict_on

    eager = observe(program, "eager")
    if isinstance(eager, Failed):
        return []
    known = Known(program, eager)
    first = eager.arrays[0] if eager.arrays else np.empty(0)
    dtype, size = name_of_dtype(first), int(first.size)
    modes = [mode for mode in MODES if _is_right(program, mode, known)]
    judged = []
    with tempfile.TemporaryDirectory(prefix="sown") as folder:
        for fault in faults:
            sown = sow_into(program, fault, "both", Path(folder))
            for mode in modes:
                observed = observe(sown, mode)
                does_not = isinstance(observed, Failed) and "DoesNotApply" in observed.reason
                if does_not or (fault == "stale" and not eager.second_differs):
                    judged.append(Sown(program, fault, mode, NOT_SOWN, "", dtype, size))
                else:
                    verdict = verdict_on(observed, known)
                    judged.append(Sown(program, fault, mode, verdict.outcome, verdict.words, dtype, size))
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


def judge_all_sown(
    programs: Iterable[Program], processes: int, *, once: bool = False
) -> Iterator[tuple[Program, list[Sown] | Lost]]:
    """Sow each fault into each program that is no random number's, or one if `once`, several programs at a time."""
    work = judge_sown_once if once else judge_sown
    yield from in_processes(work, [program for program in programs if not program.draws()], processes)


OUTCOMES = ("differs", "cannot tell", "agrees", "cannot run", NOT_SOWN)


SIZES = (16, 256)
"""Up to how many values a program is small, or middling."""

SIZE_NAMES = ("up to 16", "up to 256", "more")


def name_of_dtype(array: NDArray[Any]) -> str:
    """Return the dtype of an array as TensorFlow calls it."""
    return "string" if array.dtype.kind in "OSU" else str(array.dtype.name)


def name_of_size(size: int) -> str:
    """Return in which of three sizes a program is."""
    return SIZE_NAMES[sum(size > most for most in SIZES)]


def table(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the counts by fault, dtype and size as a table; a record is what `Sown.record` returns."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for each in records:
        size = name_of_size(each.get("size", 0))
        counts[each["fault"], each.get("dtype", ""), size, each["outcome"]] += 1
    rows = sorted({row[:3] for row in counts}, key=lambda row: (FAULTS.index(row[0]), row[1], SIZE_NAMES.index(row[2])))
    lines = [f"{'fault':<14}{'dtype':<12}{'values':<12}" + "".join(f"{outcome:>16}" for outcome in OUTCOMES)]
    for fault, dtype, size in rows:
        numbers = "".join(f"{counts[fault, dtype, size, outcome]:>16}" for outcome in OUTCOMES)
        lines.append(f"{fault:<14}{dtype:<12}{size:<12}{numbers}")
    return "\n".join(lines)
