"""`tfjit-tui list`: what can be measured."""

from __future__ import annotations

import json

import click

from ..console import say, show, show_json


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_workloads(as_json: bool) -> None:
    """Show what can be measured, and what `support` has found to fail where it was tried last."""
    from bench.analysis.support import SupportFile
    from bench.catalogue import WORKLOADS

    from ...config.locations import LocationError, support_file
    from ..report import workload_objects, workload_table

    workloads = WORKLOADS.values()
    if as_json:
        show_json(json.dumps(workload_objects(workloads), indent=2))
        return
    try:
        memory = SupportFile(support_file())
        known = memory.known(memory.latest, workloads) if memory.latest else {}
        if memory.trouble:
            say(memory.trouble)
    except LocationError:
        known = {}  # the list does not depend on what is remembered
    show(workload_table(workloads, known))
