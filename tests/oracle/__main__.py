"""`python -m tests.oracle`: judge programs, by hand or by chance, without any code of `bench`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from tests.oracle.pool import Lost, judge_all
from tests.oracle.program import HERE, Program, one_dtype_each, program_by_chance, programs_by_hand, programs_in
from tests.oracle.sowing import judge_all_sown, judge_sown, judge_sown_once, table


@click.command()
@click.argument("words", nargs=-1, metavar="[FILE.py[::NAME]]...")
@click.option("--chance", default=0, metavar="N", help="Judge N programs by chance, too.")
@click.option("--first", default=1, show_default=True, metavar="SEED", help="The first seed.")
@click.option("--one-dtype", is_flag=True, help="Judge each builder in one of its dtypes, in turn, not in all.")
@click.option("--sow", is_flag=True, help="Sow each fault into the programs, and judge the mode that has it.")
@click.option("--once", is_flag=True, help="Sow one fault into each program, which its seed draws, not all.")
@click.option("--against", is_flag=True, help="Ask bench about the same programs and count where it disagrees.")
@click.option("--processes", default=2, show_default=True)
@click.option("--all", "show_all", is_flag=True, help="Print those that agree, too.")
@click.option("--json", "file", type=click.File("w", encoding="utf-8", lazy=False), help="Write a line for each there.")
@click.option(
    "--again",
    type=click.Path(path_type=Path),
    help="Make the table of such lines of --sow or --against again; run nothing.",
)
@click.option("--judged", type=click.Path(path_type=Path), help="What the oracle said before, for --against.")
def main(
    words: tuple[str, ...],
    chance: int,
    first: int,
    one_dtype: bool,
    sow: bool,
    once: bool,
    against: bool,
    processes: int,
    show_all: bool,
    file: TextIO | None,
    again: Path | None,
    judged: Path | None,
) -> None:
    """Judge programs: those of FILEs, or all that are written by hand, and N by chance."""
    if again:
        _again(_lines(again))
        return
    programs = [program for word in words for program in _named(word)]
    programs += [program_by_chance(seed) for seed in range(first, first + chance)]
    programs = programs or programs_by_hand()
    if one_dtype:
        programs = one_dtype_each(programs)
    if against:
        from tests.oracle.against import compare

        work = judge_sown_once if once else judge_sown
        compare(programs, processes, work if sow else None, file, _lines(judged) if judged else ())
    elif sow:
        _sow(programs, processes, once, show_all, file)
    else:
        _judge(programs, processes, show_all, file)


def _judge(programs: Sequence[Program], processes: int, show_all: bool, file: TextIO | None) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for program, modes in judge_all(programs, processes):
        counts.update((mode, each["outcome"]) for mode, each in modes.items())
        _write(file, {"program": str(program), **modes})
        if show_all or any(each["outcome"] != "agrees" for each in modes.values()):
            print(f"{program}: {'; '.join(_told(mode, **each) for mode, each in modes.items())}", flush=True)
    for (mode, outcome), count in sorted(counts.items()):
        print(f"{mode} {outcome}: {count}")


def _told(mode: str, outcome: str, words: str) -> str:
    return f"{mode} {outcome}" + (f" ({words})" if words else "")


def _sow(programs: Sequence[Program], processes: int, once: bool, show_all: bool, file: TextIO | None) -> None:
    records: list[dict[str, Any]] = []
    for program, found in judge_all_sown(programs, processes, once=once):
        if isinstance(found, Lost):
            print(f"{program}: {found}", flush=True)
            continue
        for each in found:
            records.append(each.record())
            _write(file, records[-1])
            if each.outcome in ("cannot tell", "cannot run") or (show_all and each.outcome == "agrees"):
                print(f"{program}: {each.fault} in {each.mode} {each.outcome} ({each.words})", flush=True)
    print(table(records))


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _again(records: list[dict[str, Any]]) -> None:
    if all("bench" in record for record in records):
        from tests.oracle.against import counts_in

        print(counts_in(records))
    else:
        print(table(records))


def _write(file: TextIO | None, record: dict[str, Any]) -> None:
    if file:
        print(json.dumps(record), file=file, flush=True)


def _named(word: str) -> list[Program]:
    path, _, name = word.partition("::")
    file = Path(path) if Path(path).exists() else HERE / "by_hand" / path
    found = [program for program in programs_in(file) if name in ("", program.name)]
    if not found:
        sys.exit(f"{file} names no program {name!r} in PROGRAMS")
    return found


if __name__ == "__main__":
    main()
