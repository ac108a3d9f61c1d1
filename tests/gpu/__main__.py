"""Try on a GPU what only a GPU can tell: `python -m tests.gpu`. It takes 20 minutes and leaves one file to send.

Every step runs in a process of its own and is kept as soon as it has ended: the same command goes on from there.
Leave the GPU alone meanwhile. `--device CPU:0` rehearses on a CPU the probes that run there; `--device XLA_CPU:0` those
of devices without kernels.

Exit codes: 0 every step ended well; 1 one did not, or was not run; 2 usage; 3 there is no such GPU; 4 the report cannot
be written; 130, 143 interrupted, the report is of what was done.
"""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from types import FrameType

import click

from bench.files.atomic_write import ExportError
from bench.printable import on_one_line
from tests.gpu.availability import why_unavailable
from tests.gpu.outcomes import Outcome, Outcomes, OutcomesError
from tests.gpu.probe import Probe, Step
from tests.gpu.probes import PROBES
from tests.gpu.probes.presence import PROBE as PRESENCE
from tests.gpu.process import run_step
from tests.gpu.report import Report, write
from tests.gpu.running import outcomes_of, run_missing, steps_on

DEFAULT_OUT = Path(__file__).parent / "results"
DEVICE = re.compile(r"(GPU|CPU|XLA_CPU):\d{1,4}")
INCOMPLETE, NO_GPU, NOT_WRITTEN = 1, 3, 4


class TerminatedError(BaseException):
    """SIGTERM came."""


@click.command(help=__doc__, context_settings={"max_content_width": 120})
@click.argument("names", metavar="[PROBE]...", nargs=-1)
@click.option("--device", default="GPU:0", show_default=True, help="The device to try, by TensorFlow's name.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_OUT,
    show_default="tests/gpu/results",
    help="Where results go, in a directory named like the device.",
)
@click.option("--minutes", type=click.FloatRange(0), default=20.0, show_default=True, help="Begin nothing after that.")
@click.option("--fresh", is_flag=True, help="Forget what was kept of these probes and try them anew.")
def main(names: tuple[str, ...], device: str, out: Path, minutes: float, fresh: bool) -> None:
    """Run what is missing, and leave the report."""
    if not DEVICE.fullmatch(device):
        raise click.UsageError(f"--device {device!r} is not named as TensorFlow does: GPU:0, CPU:0, XLA_CPU:0")
    signal.signal(signal.SIGTERM, _terminated)
    place = out / device.replace(":", "-")
    kept = Outcomes(place / "steps")
    steps = steps_on(PROBES, device)
    chosen = [each for each in _chosen(names, steps) if each[0] is not PRESENCE]
    run = partial(_run, device, place)
    code, end = 0, monotonic() + 60 * minutes
    try:
        if fresh:
            kept.forget((probe.name, step.name) for probe, step in chosen)
        if why := why_unavailable(device, run, kept):
            _say(why)
            sys.exit(NO_GPU)
        run_missing(chosen, kept, run, budget_s=end - monotonic(), say=_say)
    except OutcomesError as error:
        raise click.UsageError(on_one_line(str(error))) from None
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except TerminatedError:
        code = 128 + signal.SIGTERM
    report = Report.of(device, PROBES, outcomes_of(steps, kept))
    _finish(report, place)
    sys.exit(code or (0 if report.is_complete else INCOMPLETE))


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise TerminatedError


def _run(device: str, place: Path, probe: str, step: Step, limit_s: float) -> Outcome:
    return run_step(probe, step, device, place, limit_s)


def _chosen(names: Sequence[str], steps: Sequence[tuple[Probe, Step]]) -> list[tuple[Probe, Step]]:
    """Return the steps of the named probes, all of them if none is named. Raises UsageError."""
    there = list(dict.fromkeys(probe.name for probe, _ in steps))
    for name in names:
        if name not in there:
            raise click.UsageError(f"there is no probe {name!r} for this device: {', '.join(there)}")
    return [(probe, step) for probe, step in steps if not names or probe.name in names]


def _finish(report: Report, place: Path) -> None:
    """Write the report and print its decisions and where it is."""
    try:
        paths = write(report, place)
    except (ExportError, OSError) as error:
        _say(str(error))
        sys.exit(NOT_WRITTEN)
    for each in report.decisions:
        click.echo(on_one_line(f"{each.verdict:<11} {each.finding or '–':>2}  {each.claim}: {each.words}"))
    click.echo(f"{report.counts()}{' (a rehearsal: no GPU)' if report.is_rehearsal else ''}")
    for path in paths:
        click.echo(on_one_line(str(path)))


def _say(text: str) -> None:
    click.echo(on_one_line(text), err=True)


if __name__ == "__main__":
    main()
