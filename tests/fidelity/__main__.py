"""Times, as ratios within one run: `python -m tests.fidelity PART`. Nothing is asserted; it is measured and printed.

Two things are compared by running them in turn, A B A B, since shared machines drift.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

import click

from . import cancelling, first_frame, seed_script


@click.group(help=__doc__)
def main() -> None:
    """Choose a part."""


def alternate(first: Callable[[], float], second: Callable[[], float], repeats: int) -> list[tuple[float, float]]:
    """Both measured in turn, `repeats` times."""
    return [(first(), second()) for _ in range(repeats)]


def summary(values: Sequence[float]) -> str:
    """The median and the extremes."""
    return f"{statistics.median(values):.3g} ({min(values):.3g}-{max(values):.3g})"


@main.command("first-frame")
@click.option("--repeats", default=15, show_default=True)
def first_frame_command(repeats: int) -> None:
    """Seconds from start to the first frame, beside a minimal Textual application."""
    pairs = alternate(first_frame.ours, first_frame.minimal, repeats)
    click.echo(f"first frame, s:     {summary([ours for ours, _ in pairs])}")
    click.echo(f"minimal Textual, s: {summary([minimal for _, minimal in pairs])}")
    click.echo(f"ratio by pair:      {summary([ours / minimal for ours, minimal in pairs])}")


@main.command("seed")
@click.option("--repeats", default=5, show_default=True)
def seed_command(repeats: int) -> None:
    """The preset `seed` beside the script it comes from (N = 1000): wall time and figures."""
    runs = [(seed_script.ours(), seed_script.script()) for _ in range(repeats)]
    click.echo(f"wall time, ours / script: {summary([ours.wall_s / script.wall_s for ours, script in runs])}")
    for mode in ("eager", "graph", "xla"):
        ours = statistics.median(run.latency_ms[mode] for run, _ in runs)
        script = statistics.median(run.latency_ms[mode] for _, run in runs)
        click.echo(
            f"{mode:<6} medians of {repeats}: ours {ours:.2f} ms, script {script:.2f} ms, ratio {ours / script:.3f}"
        )


@main.command("cancel")
@click.option("--repeats", default=5, show_default=True)
def cancel_command(repeats: int) -> None:
    """Seconds from a cancel to the end of the plan, whatever the worker is doing."""
    for what, times_s in cancelling.measure(repeats).items():
        click.echo(f"{what:<40} {summary(times_s)}")


if __name__ == "__main__":
    main()
