"""The benchmark of the benchmark: `python -m tests.fidelity PART`. Nothing is asserted; it is measured and printed.

Every unit is kept as soon as it is measured, so a run may be ended at any time: the same command goes on from there.
Leave the machine alone meanwhile.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import click

from tests.fidelity.busy import busy
from tests.fidelity.lines import Results, ResultsError
from tests.fidelity.measuring import UnitFailedError, measure_missing
from tests.fidelity.part import Part
from tests.fidelity.parts import PARTS
from tests.fidelity.table import table

DEFAULT_RESULTS = Path(__file__).parent / "results"
BUSY_RESULTS = DEFAULT_RESULTS / "busy"

results_option = click.option(
    "--results",
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory of the results.  [default: tests/fidelity/results, or busy in it]",
)


@click.group(help=__doc__, context_settings={"max_content_width": 120})
@click.pass_context
def main(ctx: click.Context) -> None:
    """Choose a part."""
    ctx.obj = DEFAULT_RESULTS


@main.group("busy")
@click.pass_context
def busy_main(ctx: click.Context) -> None:
    """A part beside a recorded load of other processes: `busy known-truth`."""
    ctx.obj = BUSY_RESULTS
    ctx.with_resource(busy())


def measure(
    parts: Sequence[Part],
    results: Path,
    repeats: int | None,
    minutes: float | None,
    rehearse: float | None,
    fresh: bool,
) -> None:
    """Measure what is missing of `parts` and print their rows."""
    if rehearse and results in (DEFAULT_RESULTS, BUSY_RESULTS):
        raise click.UsageError("--rehearse gives no figures: keep them apart with --results DIR")
    end_at = float("inf") if minutes is None else monotonic() + 60 * minutes
    kept = Results(results)
    failed = False
    for part in parts:
        if fresh:
            kept.forget(part.name)
        try:
            measure_missing(part, kept, repeats=repeats, scale=rehearse or 1.0, end_at=end_at)
        except (UnitFailedError, ResultsError) as error:
            click.echo(error, err=True)
            failed = True
    show(parts, kept)
    sys.exit(1 if failed else 0)


def show(parts: Sequence[Part], results: Results) -> None:
    """Print the table of `parts`, or why there is none."""
    try:
        click.echo(table(parts, results))
    except ResultsError as error:
        raise click.ClickException(str(error)) from None


def command(name: str, explanation: str, parts: Sequence[Part]) -> click.Command:
    """The command that measures `parts`."""

    @click.command(name, help=explanation)
    @results_option
    @click.option("--repeats", type=click.IntRange(1), help="How often, instead of the part's own number.")
    @click.option("--minutes", type=click.FloatRange(0), help="Stop after so long; the same command goes on.")
    @click.option("--rehearse", type=click.FloatRange(0, 1, min_open=True), help="Try it with this share of budgets.")
    @click.option("--fresh", is_flag=True, help="Forget earlier results and begin anew.")
    @click.pass_obj
    def run(usual: Path | None, /, results: Path | None, **options: Any) -> None:
        measure(parts, results=results or usual or DEFAULT_RESULTS, **options)

    return run


@click.command("table")
@results_option
@click.pass_obj
def table_command(usual: Path, /, results: Path | None) -> None:
    """All that was measured, in one table."""
    show(PARTS, Results(results or usual))


for group in (main, busy_main):
    for each in PARTS:
        group.add_command(command(each.name, each.help, [each]))
    group.add_command(command("all", "Every part, as far as it is missing.", PARTS))
    group.add_command(table_command)


if __name__ == "__main__":
    main()
