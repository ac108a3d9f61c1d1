"""`python -m tests.oracle`: judge programs, by hand or by chance, without any code of `bench`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from tests.oracle.pool import judge_all
from tests.oracle.program import HERE, Program, program_by_chance, programs_by_hand, programs_in


@click.command()
@click.argument("words", nargs=-1, metavar="[FILE.py[::NAME]]...")
@click.option("--chance", default=0, metavar="N", help="Judge N programs by chance, too.")
@click.option("--first", default=0, metavar="SEED", help="The first seed.")
@click.option("--fault", default=0, metavar="N", help="Exchange the Nth operation of programs by chance.")
@click.option("--processes", default=2, show_default=True)
@click.option("--all", "show_all", is_flag=True, help="Print those that agree, too.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write each verdict there, a line each.")
def main(
    words: tuple[str, ...], chance: int, first: int, fault: int, processes: int, show_all: bool, file: Path | None
) -> None:
    """Judge programs: those of FILEs, or all that are written by hand, and N by chance."""
    programs = [program for word in words for program in _named(word)]
    programs += [program_by_chance(seed, fault) for seed in range(first, first + chance)]
    counts: Counter[tuple[str, str]] = Counter()
    lines = []
    for program, modes in judge_all(programs or programs_by_hand(), processes):
        counts.update((mode, each["outcome"]) for mode, each in modes.items())
        lines.append(json.dumps({"program": str(program), **modes}))
        if show_all or any(each["outcome"] != "agrees" for each in modes.values()):
            print(f"{program}: {'; '.join(_told(mode, **each) for mode, each in modes.items())}", flush=True)
    if file:
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for (mode, outcome), count in sorted(counts.items()):
        print(f"{mode} {outcome}: {count}")


def _told(mode: str, outcome: str, words: str) -> str:
    return f"{mode} {outcome}" + (f" ({words})" if words else "")


def _named(word: str) -> list[Program]:
    path, _, name = word.partition("::")
    file = Path(path) if Path(path).exists() else HERE / "by_hand" / path
    found = [program for program in programs_in(file) if name in ("", program.name)]
    if not found:
        sys.exit(f"{file} names no program {name!r} in PROGRAMS")
    return found


if __name__ == "__main__":
    main()
