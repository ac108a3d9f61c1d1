"""Write a comparison as CSV for programs, or as Markdown for a comment or a job's summary."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from bench.analysis.comparison import Change
from bench.analysis.findings import capitalised
from bench.plan import Case
from bench.report.csv_export import number_cell, text_cell
from bench.report.earlier_export import marked
from bench.report.markdown_export import escaped, table
from bench.report.reproduce import utc
from bench.session.results import CaseResult
from bench.session.session import Session

from ...presentation.status_text import describe_case
from ..gate import Outcome
from .case_text import HEADER, Compared, are, gate_word, row_of, sides
from .session_text import Comparison

Sessions = tuple[Session, Session]

COLUMNS = (
    *(
        "before_session_id",
        "after_session_id",
        "before_case_id",
        "after_case_id",
        "workload",
        "dims",
        "dtype",
        "device",
    ),
    *("inputs", "runtime", "seed", "before_far", "after_far", "mode", "before_latency_us_p50", "after_latency_us_p50"),
    *(
        "change_ratio",
        "change_ratio_ci95_low",
        "change_ratio_ci95_high",
        "verdict",
        "gate",
        "limit_percent",
        "missing",
        "reason",
    ),
    *("differences", "before_host", "after_host", "before_machine_name", "after_machine_name"),
)
"""New ones are only ever added at the end: others' scripts read this."""

MOST_BYTES = 60_000
"""Limit of the Markdown: a comment on GitHub holds 65,536 characters, a job's summary 1 MiB."""

LEAST_ROW_BYTES = 30
"""The shortest row, with the signs between its cells."""

MOST_NOTES = 12
"""Reasons, and differences, that are listed below the table."""

MOST_CHARACTERS = 400
"""Limit of a cell, a name or a reason."""

URGENCY: Sequence[Outcome] = ("failed", "cannot tell")
"""Outcomes whose rows come first; the others follow."""


# --- CSV --------------------------------------------------------------------------------------------------------------


def csv_text(comparison: Comparison, sessions: Sessions) -> str:
    """Return a header and a row for each case and mode, as RFC 4180 has it; what is not known is an empty cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for each in comparison.pairs:
        writer.writerows(
            _csv_row(each, change, outcome, sessions) | {"limit_percent": number_cell(limit, 100)}
            for (change, outcome), limit in zip(each.rows, each.limits, strict=True)
        )
    for case in comparison.unmeasured:
        writer.writerows(_unmeasured_rows(case, comparison, sessions))
    return out.getvalue()


def _csv_row(compared: Compared, change: Change, outcome: Outcome, sessions: Sessions) -> dict[str, str]:
    pair = compared.pair
    asked = sides(pair)[0].case
    row = _asked_cells(asked, sessions) | {
        "mode": change.mode,
        "before_latency_us_p50": number_cell(change.before_s, 1e6),
        "after_latency_us_p50": number_cell(change.after_s, 1e6),
        "change_ratio": number_cell(change.ratio),
        "change_ratio_ci95_low": number_cell(change.low),
        "change_ratio_ci95_high": number_cell(change.high),
        "verdict": change.verdict,
        "gate": gate_word(change, outcome),
        "missing": change.missing,
        "reason": text_cell(change.why),
        "differences": text_cell("; ".join(compared.differing)),
    }
    for when, case in (("before", pair.before), ("after", pair.after)):
        if case is not None:
            row |= {
                f"{when}_case_id": text_cell(case.case_id),
                f"{when}_far": text_cell(case.case.far),
                f"{when}_host": text_cell(case.hello.host if case.hello else ""),
                f"{when}_machine_name": text_cell(case.machine_name),
            }
    return row


def _unmeasured_rows(case: Case, comparison: Comparison, sessions: Sessions) -> Iterator[dict[str, str]]:
    """Yield a row for each mode of a planned case that neither session has."""
    limits = comparison.limits
    gate = {"ok": "left out", "fail": "missing", "tell": "cannot tell"}[limits.missing]
    for mode in case.modes:
        yield _asked_cells(case, sessions) | {
            "mode": mode,
            "verdict": "unclear",
            "gate": gate,
            "limit_percent": number_cell(limits.planned[case], 100),
            "missing": "both",
            "reason": "neither session has it",
        }


def _asked_cells(asked: Case, sessions: Sessions) -> dict[str, str]:
    return {
        "before_session_id": text_cell(sessions[0].session_id),
        "after_session_id": text_cell(sessions[1].session_id),
        "workload": text_cell(asked.workload),
        "dims": text_cell(asked.dims_text),
        "dtype": asked.dtype,
        "device": asked.device,
        "inputs": text_cell(asked.inputs),
        "runtime": text_cell(str(asked.runtime)),
        "seed": str(asked.seed),
    }


# --- Markdown ---------------------------------------------------------------------------------------------------------


def markdown_text(comparison: Comparison, sessions: Sessions, most_bytes: int = MOST_BYTES) -> str:
    """Return the verdict, both sessions, a table of all changes, reasons and differences, in so many bytes of UTF-8.

    Where that is too little, whole rows are left out, those that matter least first, and counted.
    """
    head = [
        f"**{escaped(_clip(comparison.summary, 4 * MOST_CHARACTERS))}**",
        table([("", "session", "measured", "with"), *_sides(comparison, sessions)]),
    ]
    foot = [_list(_reasons(comparison)), _list(_differences(comparison))]
    rows = sorted(_rows(comparison), key=lambda row: row.urgency)
    room = most_bytes - len(marked("")) - sum(_bytes(block) for block in (*head, *foot))
    return marked("\n\n".join(block for block in (*head, *_table(rows, room), *foot) if block) + "\n")


@dataclass(frozen=True)
class _Row:
    urgency: int
    cells: tuple[str, ...]


def _rows(comparison: Comparison) -> Iterator[_Row]:
    for each in comparison.pairs:
        for change, outcome in each.rows:
            urgency = URGENCY.index(outcome) if outcome in URGENCY else len(URGENCY)
            yield _Row(urgency, (_clip(each.title), *row_of(change, outcome)))


def _table(rows: Sequence[_Row], room: int) -> Iterator[str]:
    """Yield the table of as many rows as fit, and a line that counts the others."""
    room -= len("100,000 more rows are left out: `--csv FILE` has all.\n\n")
    fitting = rows[: max(room, 0) // LEAST_ROW_BYTES]
    first, second, *others = table([("case", *HEADER), *(row.cells for row in fitting)]).split("\n")
    ends = accumulate(map(_bytes, others), initial=_bytes(first) + _bytes(second))
    kept = sum(end <= room for end in islice(ends, 1, None))
    if kept:
        yield "\n".join([first, second, *others[:kept]])
    if left := len(rows) - kept:
        yield f"{left:,} more {'row' if left == 1 else 'rows'} {are(left)} left out: `--csv FILE` has all."


def _sides(comparison: Comparison, sessions: Sessions) -> Iterator[tuple[str, ...]]:
    befores = [each.pair.before for each in comparison.pairs if each.pair.before]
    afters = [each.pair.after for each in comparison.pairs if each.pair.after]
    for when, cases, session in (("before", befores, sessions[0]), ("after", afters, sessions[1])):
        first = min((case.started_at for case in cases if case.started_at is not None), default=None)
        yield when, _clip(session.session_id), utc(first), _clip("; ".join(dict.fromkeys(map(_where, cases))))


def _where(case: CaseResult) -> str:
    if case.hello is None:
        return ""
    machine = f" ({case.machine_name})" if case.machine_name else ""
    return f"TensorFlow {case.hello.tensorflow} on {case.hello.host}{machine}, {case.hardware}".rstrip(", ")


def _reasons(comparison: Comparison) -> Iterator[str]:
    """Yield each reason why changes cannot be told or are missing, with the number of changes."""
    counted = Counter(
        (gate_word(change, outcome), change.why)
        for each in comparison.pairs
        for change, outcome in each.rows
        if change.low is None
    )
    yield from (f"{describe_case(case)}: neither session has it" for case in comparison.unmeasured)
    for (word, why), number in counted.most_common():
        yield (
            f"{number:,} {are(number)} {word}: {why}" if word != "cannot tell" else f"cannot tell of {number:,}: {why}"
        )


def _differences(comparison: Comparison) -> Iterator[str]:
    """Yield each difference between the two sides' surroundings, with the number of cases."""
    both = sum(bool(each.pair.before and each.pair.after) for each in comparison.pairs)
    counted = Counter(phrase for each in comparison.pairs for phrase in each.differing)
    for phrase, number in counted.most_common():
        yield phrase if number == both else f"{phrase} (in {number:,} of {both:,} cases)"


def _list(phrases: Iterable[str]) -> str:
    told = list(phrases)
    lines = [f"- {escaped(_clip(capitalised(phrase)))}" for phrase in told[:MOST_NOTES]]
    more = len(told) - MOST_NOTES
    return "\n".join([*lines, f"- and {more:,} more"] if more > 0 else lines)


def _clip(text: str, most: int = MOST_CHARACTERS) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _bytes(block: str) -> int:
    """Return the bytes of a block, with the line ends after it."""
    return len(block.encode("utf-8", errors="backslashreplace")) + 2
