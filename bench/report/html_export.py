"""Results as one HTML file for people: pictures, tables and sentences. It loads nothing and runs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ..analysis.breakdown import MEANINGS, times_told, tracebacks_told
from ..analysis.crossover import Sweeps
from ..analysis.two_implementations import CHOICES
from ..analysis.verdict import Advice, advise_so_far, in_brief
from ..plan import short_name
from ..printable import printable
from ..session.results import CaseResult
from ..session.session import Session
from .chart_geometry import Bar, SweepPicture, Trace, bars, sweep_picture, traces
from .earlier_export import MARK, marked
from .reproduce import environments, repeat_command, utc
from .tables import Row, breakdown_rows, case_table, filled, mode_rows

MOST_SECTIONS = 50
"""Cases with pictures and a table of their own: a browser, and whoever reads, has enough of these then."""

MOST_SWEEPS = 12
"""Pictures of sweeps, and their sentences before them."""


@dataclass(frozen=True)
class Section:
    """What is told of one case."""

    title: str
    measured_at: str
    advice: Advice
    bars: Sequence[Bar]
    traces: Sequence[Trace]
    traces_key: str
    modes: Sequence[Row]
    breakdown: Sequence[Row]
    notes: Sequence[str]
    traceback: str
    command: str


def html_text(session: Session, more_arguments: Sequence[str] = ()) -> str:
    """Return the whole report. `more_arguments`: options of the repeat command besides the case's own."""
    cases = session.begun
    sweeps = Sweeps()
    for case in cases:
        sweeps.take(case)
    alike, results = case_table(cases) if len(cases) > 1 else ("", [])
    sections = [_section(case, tuple(more_arguments)) for case in cases[:MOST_SECTIONS]]
    page = _template().render(
        mark=MARK,
        title=_title(cases),
        summary=[_summary(cases), *islice(sweeps.all_conclusions(), MOST_SWEEPS)] if cases else [],
        sweeps=_sweep_pictures(sweeps),
        sections=sections,
        unpictured=len(cases) - len(sections),
        alike=alike,
        results=results,
        meanings=_meanings(sections),
        environments=environments(cases),
        session_id=session.session_id,
    )
    return marked(page)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bench.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _shown(value: object) -> object:
    # Markup is a str too, and escaped already: as another type it would be escaped again.
    return printable(value) if type(value) is str else value


def _title(cases: Sequence[CaseResult]) -> str:
    names = list(dict.fromkeys(short_name(case.case.workload) for case in cases))
    more = f" and {len(names) - 2:,} more" if len(names) > 2 else ""
    return f"Does JIT pay off? {', '.join(names[:2])}{more}".rstrip()


def _summary(cases: Sequence[CaseResult]) -> str:
    """The verdict, if there is one case; else for how many of them which mode is best."""
    if len(cases) == 1:
        return advise_so_far(cases[0]).headline
    best = Counter(in_brief(case)[0] for case in cases)
    told = [f"{words} in {best[choice]:,}" for choice, words in CHOICES.items() if best[choice]]
    untold = len(cases) - sum(best[choice] for choice in CHOICES)
    parts = [f"best is {', '.join(told)}"] if told else []
    parts += [f"in {untold:,} it cannot be told which mode is best"] if untold else []
    return f"Of {len(cases):,} cases: {'; '.join(parts)}."


def _section(case: CaseResult, more_arguments: tuple[str, ...]) -> Section:
    drawn = traces(case)
    return Section(
        title=case.case.title,
        measured_at=utc(case.started_at),
        advice=advise_so_far(case),
        bars=bars(case),
        traces=drawn,
        traces_key=_traces_key(drawn),
        modes=filled(mode_rows(case)),
        breakdown=filled(breakdown_rows(case)),
        notes=[*times_told(case)],
        traceback="\n".join(tracebacks_told(case)),
        command=repeat_command(case, more_arguments),
    )


def _traces_key(drawn: Sequence[Trace]) -> str:
    """What is drawn otherwise than a round that counts; and how many rounds are drawn."""
    parts = [
        "dashed: warm-up, not counted" if any(trace.warm_ups for trace in drawn) else "",
        "shaded: disturbed, counted" if any(trace.disturbed for trace in drawn) else "",
        "upright lines: void, since something was compiled" if any(trace.voids for trace in drawn) else "",
        f"one round in {drawn[0].every} is drawn" if drawn and drawn[0].every > 1 else "",
    ]
    told = "; ".join(filter(None, parts))
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _sweep_pictures(sweeps: Sweeps) -> list[tuple[str, SweepPicture]]:
    """The first series of sizes, each after what does not vary along it."""
    named = ((name, sweep_picture(series)) for name, series in sweeps.named_series())
    return list(islice(((name, picture) for name, picture in named if picture is not None), MOST_SWEEPS))


def _meanings(sections: Iterable[Section]) -> list[Row]:
    """What those figures are that some section has, under a row of headings; empty where none has any."""
    shown = {name for section in sections for row in section.breakdown[:1] for name in row}
    rows = [(name, meaning) for name, meaning in MEANINGS.items() if name in shown]
    return [("figure", "meaning"), *rows] if rows else []
