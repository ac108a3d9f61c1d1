"""Results as GitHub-flavoured Markdown, to paste into a pull request or an issue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..analysis.breakdown import times_told, tracebacks_told
from ..analysis.crossover import conclusions
from ..analysis.verdict import advise_so_far
from ..number_text import counted
from ..printable import printable
from ..session.results import CaseResult
from ..session.session import Session
from .earlier_export import marked
from .reproduce import environments, repeat_command
from .tables import Row, case_table, filled, mode_rows

MOST_SECTIONS = 20
"""With more cases than that there is one table of them all: a comment has no room for thousands of headings."""

MARKUP = re.compile(r"[\\`*\[\]<>|~#&$]|(?<![^\W_])_|_(?![^\W_])")
"""What would be formatting. An underscore within a word is none."""

MENTION = re.compile(r"@(?=\w)")
UNSEEN = "\u200b"

LIST_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])(?=[-+=\s]|$)")


def markdown_text(session: Session, more_arguments: Sequence[str] = ()) -> str:
    """What the sweeps show, a section for each case or one table of all of them, and what they were measured with.

    `more_arguments`: options of the repeat command besides the case's own.
    """
    cases = session.begun
    blocks = ["\n".join(f"**{escaped(sentence)}**  " for sentence in conclusions(cases)).rstrip()]
    if len(cases) > MOST_SECTIONS:
        alike, rows = case_table(cases)
        blocks += [f"{counted(len(cases), 'case')}{f', all of {escaped(alike)}' if alike else ''}:", table(rows)]
        blocks += [*_repeat(cases[:1], more_arguments, "The first of them is measured again by")]
    else:
        for case in cases:
            blocks += _section(case, more_arguments)
    blocks += _environments(cases)
    return marked("\n\n".join(block for block in blocks if block) + "\n")


def table(rows: Sequence[Row]) -> str:
    """Rows as a table, the first its headings; a column whose cells are all empty is left out."""
    header, *others = ([escaped(cell) for cell in row] for row in filled(rows))
    lines = [header, ["---"] * len(header), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(text: str) -> str:
    """A text that shows as it is, on one line; it mentions nobody."""
    text = printable(" ".join(text.split()))
    text = LIST_START.sub(r"\1\\\2\3", MARKUP.sub(r"\\\g<0>", text))
    return MENTION.sub(f"@{UNSEEN}", text)


def fenced(text: str) -> str:
    """A block of code that nothing within it can end."""
    text = printable(text)
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _section(case: CaseResult, more_arguments: Sequence[str]) -> Iterator[str]:
    advice = advise_so_far(case)
    yield f"### {escaped(case.case.title)}"
    yield " ".join((f"**{escaped(advice.headline)}**", *map(escaped, advice.remarks)))
    yield table(mode_rows(case))
    yield " ".join(escaped(sentence) for sentence in times_told(case))
    if told := "\n".join(tracebacks_told(case)):
        yield fenced(told)
    yield from _repeat([case], more_arguments, "Measured again by")


def _repeat(cases: Sequence[CaseResult], more_arguments: Sequence[str], how: str) -> Iterator[str]:
    for case in cases:
        yield f"{how}\n\n{fenced(repeat_command(case, tuple(more_arguments)))}"


def _environments(cases: Sequence[CaseResult]) -> Iterator[str]:
    for text in environments(cases):
        yield "  \n".join(escaped(line) for line in text.splitlines())
