"""One table of all parts, from one machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.fidelity.lines import Results, ResultsError, check_alike
from tests.fidelity.part import Line, Part, Row

HEAD = ("part", "figure", "reached", "must reach", "beside it")


def table(parts: Sequence[Part], results: Results) -> str:
    """What was measured of `parts`, in Markdown, with the machine and what is missing. Raises ResultsError."""
    measured = {part.name: lines for part in parts if (lines := results.of(part.name))}
    lines = [line for lines in measured.values() for line in lines]
    if not lines:
        raise ResultsError("nothing was measured yet")
    check_alike(lines)
    rows = [(part.name, row) for part in parts if part.name in measured for row in rows_of(part, results)]
    return "\n".join([_origin(lines), "", *_markdown(rows), *_missing(parts, measured)])


def rows_of(part: Part, results: Results) -> Iterable[Row]:
    """A part's rows."""
    return part.rows([line for name in (*part.reads, part.name) for line in results.of(name)])


def _origin(lines: Sequence[Line]) -> str:
    days = sorted({line.at[:10] for line in lines})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    rehearsal = "" if lines[0].scale == 1 else f"A rehearsal at {lines[0].scale:g} of the budgets. "
    return f"{rehearsal}Measured on {lines[0].machine}; {when}."


def _markdown(rows: Iterable[tuple[str, Row]]) -> list[str]:
    cells = [(f"`{name}`", row.figure, row.reached, row.must_reach, row.beside) for name, row in rows]
    return [_line(HEAD), "|---" * len(HEAD) + "|", *map(_line, cells)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _missing(parts: Sequence[Part], measured: dict[str, list[Line]]) -> list[str]:
    incomplete = []
    for part in parts:
        done, all_units = len(measured.get(part.name, ())), len(list(part.units(part.repeats)))
        if done < all_units:
            incomplete.append(f"`{part.name}` {done} of {all_units}")
    return ["", f"Incomplete, units measured: {', '.join(incomplete)}."] if incomplete else []
