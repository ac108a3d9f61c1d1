"""`tfjit-tui support`: what works in which mode."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from .. import startup
from ..console import say, show, show_json
from ..options import completers
from ..options.far import FarOptions, far_options
from .no_tensorflow import NoTensorFlowError


@click.command()
@click.argument("workloads", nargs=-1, metavar="[WORKLOAD]...", shell_complete=completers.built_in_workloads)
@click.option(
    "--device",
    default="CPU:0",
    show_default=True,
    metavar="D",
    shell_complete=completers.devices,
    help="TensorFlow's name.",
)
@click.option("--again", is_flag=True, help="Try what was tried before, too.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@far_options
def support(workloads: tuple[str, ...], device: str, again: bool, as_json: bool, **far: Any) -> None:
    """Show what works in which mode: the whole catalogue, or WORKLOADs.

    Each is tried at its least size. What was found is remembered for this version of TensorFlow and kind of device.
    """
    from bench.analysis.support import SupportFile
    from bench.catalogue import WORKLOADS, find
    from bench.plan import Case

    from ...config.locations import LocationError, support_file
    from ..measure.headless import ProgressReporter
    from ..measure.interruption import heeding_signals
    from ..measure.support_trial import try_workloads
    from ..report import support_objects, support_table

    chosen = [find(name) for name in dict.fromkeys(workloads or WORKLOADS)]
    device = Case(chosen[0].name, device=device.upper()).device
    try:
        memory = SupportFile(support_file())
    except LocationError as error:
        raise click.UsageError(str(error)) from None
    source, _ = startup.open_engine(FarOptions(**far).single(), None, keep=False)
    with heeding_signals() as interruption:
        try:
            trials = try_workloads(
                source, chosen, device, memory, interruption, again=again, reporter=ProgressReporter()
            )
        finally:
            source.close()
    for text in trials.troubles:
        say(text)
    if trials.place is None and interruption:
        sys.exit(interruption.exit_code)
    if trials.place is None:
        raise NoTensorFlowError(trials.session.trouble)
    known = trials.known.values()
    if as_json:
        show_json(json.dumps(support_objects(known), indent=2))
    else:
        show(support_table(trials.place, known))
    if interruption:
        sys.exit(interruption.exit_code)
