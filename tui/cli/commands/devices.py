"""`tfjit-tui devices`: where can be measured."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from bench.printable import on_one_line

from .. import startup
from ..console import say, show, show_json
from ..options.far import FarOptions, far_options
from .no_tensorflow import NoTensorFlowError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@far_options
def devices(as_json: bool, **far: Any) -> None:
    """Show the devices that TensorFlow lists; none is initialised."""
    from bench.analysis.findings import capitalised

    from ..measure.headless import find_devices
    from ..measure.interruption import heeding_signals
    from ..report import device_table

    source, _ = startup.open_engine(FarOptions(**far).single(), None, keep=False)
    with heeding_signals() as interruption:
        session = find_devices(source, interruption)
    if interruption:
        sys.exit(interruption.exit_code)
    if not session.devices:
        raise NoTensorFlowError(session.trouble)
    for why in session.missing:
        say(on_one_line(f"{capitalised(why)}."))
    listed = [asdict(device) for device in session.devices]
    if as_json:
        show_json(json.dumps(listed, indent=2))
    else:
        show(device_table(session.devices))
