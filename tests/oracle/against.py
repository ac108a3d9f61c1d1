"""Ask `bench` about the programs that the oracle judges, and count where the two disagree.

This module alone of the oracle imports `bench`, by its public face: a plan is submitted to an engine, whose events are
folded into results.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TextIO

from bench.engine.engine import Engine
from bench.engine.launch import FarSide
from bench.events import Event, PlanFinished
from bench.plan import DEFAULT_MODES, Case, Effort, Plan
from bench.session.results import CaseResult
from bench.session.session import Session
from tests.oracle.pool import Lost, in_processes
from tests.oracle.program import Program
from tests.oracle.sowing import FAULTS, NOT_SOWN, SIZE_NAMES, Sown, judge_unsown, name_of_size, sow_into

TIMEOUT_S = 60.0
"""How long a case may take."""


@dataclass(frozen=True)
class Compared:
    """What the oracle and `bench` say of one mode of a program with a fault, or without one."""

    program: str
    dtype: str
    fault: str
    mode: str
    oracle: str
    oracle_words: str
    bench: str
    bench_words: str
    size: int = 0

    @property
    def disagreement(self) -> str:
        """Tell how the two disagree; empty if they do not.

        Where the oracle sees nothing of a fault that was sown, `bench` may: that is none of its errors.
        """
        if self.fault and self.oracle == "agrees":
            return "found by bench alone" if self.bench == "wrong" else ""
        return DISAGREEMENTS.get((self.oracle, self.bench), "")


DISAGREEMENTS: Mapping[tuple[str, str], str] = {
    ("agrees", "wrong"): "false wrong",
    ("differs", "ok"): "false ok",
    ("differs", "rounding decides"): "false rounding decides",
    ("differs", "suspicious"): "suspicious, not wrong",
    ("agrees", "rounding decides"): "rounding decides",
    ("agrees", "suspicious"): "suspicious",
    ("agrees", "failed"): "false failed",
    ("frozen", "ok"): "missed frozen",
    ("frozen", "wrong"): "frozen called wrong",
    ("cannot run", "ok"): "false run",
}


def compare(
    programs: Sequence[Program],
    processes: int,
    sow: Callable[[Program], list[Sown]] | None,
    file: TextIO | None,
    lines: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Judge programs, with the faults that `sow` sows if it is given, ask `bench`, and print the counts.

    `lines`: what the oracle said before, by `--json`; if there are any, it is not asked again.
    """
    found = _judged_before(programs, lines) if lines else _judged(programs, processes, sow)
    judged = [each for each in found if each.outcome != NOT_SOWN]
    compared = []
    with tempfile.TemporaryDirectory(prefix="sown") as folder:
        for each in ask(judged, processes, Path(folder)):
            compared.append(each)
            if file:
                print(json.dumps(asdict(each)), file=file, flush=True)
            if each.disagreement:
                print(_told(each), flush=True)
    print(counts_in(map(asdict, compared)))


def _judged(programs: Sequence[Program], processes: int, sow: Callable[[Program], list[Sown]] | None) -> Iterator[Sown]:
    works = [judge_unsown, sow] if sow else [judge_unsown]
    for work in works:
        for program, found in in_processes(work, programs, processes):
            if isinstance(found, Lost):
                print(f"{program}: {found}", flush=True)
            else:
                yield from found


def _judged_before(programs: Sequence[Program], lines: Iterable[Mapping[str, Any]]) -> Iterator[Sown]:
    by_name = {str(program): program for program in programs}
    for line in lines:
        if (program := by_name.get(line["program"])) is None:
            continue
        if "fault" in line:
            described = {"dtype": line.get("dtype", ""), "size": line.get("size", 0)}
            yield Sown(program, line["fault"], line["mode"], line["outcome"], line["words"], **described)
        else:
            modes = {mode: said for mode, said in line.items() if mode in DEFAULT_MODES}
            yield from (Sown(program, "", mode, said["outcome"], said["words"]) for mode, said in modes.items())


def ask(judged: Sequence[Sown], processes: int, folder: Path) -> Iterator[Compared]:
    """Ask `bench` about programs, in as many workers, and yield what both say of each mode."""
    groups: dict[tuple[Program, str], list[Sown]] = {}
    for each in judged:
        groups.setdefault((each.program, each.fault), []).append(each)
    asked = list(groups.items())
    found: list[Compared] = []
    news = threading.Condition()
    left = processes

    def work(part: Sequence[tuple[tuple[Program, str], list[Sown]]]) -> None:
        nonlocal left
        cases = [_case(sow_into(program, fault, "both", folder) if fault else program) for (program, fault), _ in part]
        for number, result in results_of(cases):
            with news:
                found.extend(_compared(each, result) for each in part[number][1])
                news.notify()
        with news:
            left -= 1
            news.notify()

    for number in range(processes):
        threading.Thread(target=work, args=(asked[number::processes],), daemon=True).start()
    while True:
        with news:
            news.wait_for(lambda: bool(found) or not left)
            done, found[:] = list(found), []
        yield from done
        if not done:
            return


def _case(program: Program) -> Case:
    workload = f"{program.file}::{program.name}"
    return Case(workload, program.parameters, program.dtype or "float32")


NOT_MEASURED = "it was not measured"
"""What a session says of a mode without a latency, as those are that are only verified."""


def is_verify_only(plan: Plan) -> bool:
    """Tell whether a plan has no rounds."""
    return bool(getattr(plan, "verify_only", False))


def plan_of(cases: Sequence[Case]) -> Plan:
    """Return the cheapest plan that verifies cases: without rounds, where `bench` can do that."""
    cheapest: dict[str, Any] = {"verify_only": True} if "verify_only" in {each.name for each in fields(Plan)} else {}
    return Plan(tuple(cases), Effort(budget_s=0.01), case_timeout_s=TIMEOUT_S, **cheapest)


def results_of(cases: Sequence[Case]) -> Iterator[tuple[int, CaseResult]]:
    """Have a worker of its own run cases, and yield the number and the result of each as it ends."""
    if not cases:
        return
    engine = Engine(FarSide.from_options())
    engine.submit(plan_of(cases))
    session, told = Session(), 0
    for event in engine.events():
        session.apply(event)
        results = list(session.cases.values())
        while told < len(results) and (results[told].state == "done" or _is_over(event)):
            yield told, results[told]
            told += 1
        if _is_over(event):
            engine.close()


def _is_over(event: Event) -> bool:
    return isinstance(event, PlanFinished)


def _compared(judged: Sown, result: CaseResult) -> Compared:
    said, words = what_bench_says(result, judged.mode)
    return Compared(
        str(judged.program),
        judged.dtype or judged.program.dtype,
        judged.fault,
        judged.mode,
        judged.outcome,
        judged.words,
        said,
        words,
        judged.size,
    )


def what_bench_says(result: CaseResult, mode: str) -> tuple[str, str]:
    """Return what is said of a mode in a word, and the words for it."""
    found = result.known_mode(mode)
    words = "; ".join(filter(None, (found.error, *found.suspicions, *found.notes, result.error)))
    status = found.status or ("failed" if result.error else "nothing")
    if found.error == NOT_MEASURED and not result.error and is_verify_only(result.plan):
        status, words = "ok", "; ".join((*found.suspicions, *found.notes))
    if status in ("ok", "wrong") and "rounding decides" in words:
        return "rounding decides", words
    if status == "ok" and found.suspicions:
        return "suspicious", words
    return status, words


def _told(each: Compared) -> str:
    fault = f" with {each.fault}" if each.fault else ""
    return f"{each.disagreement}: {each.program}{fault}, {each.mode}: {each.bench_words} (oracle: {each.oracle_words})"


def counts_in(records: Iterable[Mapping[str, Any]]) -> str:
    """Return three tables: what both say, how they disagree by fault, and which faults are found by dtype and size."""
    compared = [Compared(**record) for record in records]
    said = Counter((each.fault != "", each.mode, each.oracle, each.bench) for each in compared)
    lines = [f"{'':<14}{'mode':<8}{'oracle':<14}{'bench':<20}{'count':>6}"]
    for (has_fault, mode, oracle, bench), count in sorted(said.items()):
        lines.append(f"{'with a fault' if has_fault else 'without':<14}{mode:<8}{oracle:<14}{bench:<20}{count:>6}")
    disagreed = Counter((each.disagreement, each.fault or "no fault") for each in compared if each.disagreement)
    lines += ["", f"{'disagreement':<26}{'fault':<14}{'count':>6}"]
    lines += [f"{kind:<26}{fault:<14}{count:>6}" for (kind, fault), count in sorted(disagreed.items())]
    return "\n".join(lines + _found(each for each in compared if each.fault and each.oracle == "differs"))


def _found(differing: Iterable[Compared]) -> list[str]:
    """Return the table of faults: of how many that change something beyond rounding `bench` calls how many wrong."""
    found: Counter[tuple[str, str, str]] = Counter()
    sown: Counter[tuple[str, str, str]] = Counter()
    for each in differing:
        row = (each.fault, each.dtype, name_of_size(each.size))
        sown[row] += 1
        found[row] += each.bench == "wrong"
    if not sown:
        return []
    lines = ["", f"{'fault':<14}{'dtype':<12}" + "".join(f"{f'{size} values':>20}" for size in SIZE_NAMES)]
    for fault, dtype in sorted({row[:2] for row in sown}, key=lambda row: (FAULTS.index(row[0]), row[1])):
        cells = [(found[fault, dtype, size], sown[fault, dtype, size]) for size in SIZE_NAMES]
        texts = [f"{count} of {total}" if total else "" for count, total in cells]
        lines.append(f"{fault:<14}{dtype:<12}" + "".join(f"{text:>20}" for text in texts))
    return lines
