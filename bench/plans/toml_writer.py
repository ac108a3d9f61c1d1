"""A plan as the text of a file that `toml_reader.py` reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

from ..implementations import plain_modes
from ..plan import Case, Plan, is_own
from ..runtime import SETTINGS
from ..toml_text import toml_text
from .presets import PRESETS
from .rule_values import unusual_rules
from .sweep import Axis, parse_axis, sweep
from .user_code_paths import seen_from

HEADER = (
    "# What `tfjit-tui run` is to measure: `tfjit-tui run THIS_FILE`. What is left out is as on the command line.\n\n"
)


def plan_as_toml(plan: Plan, directory: Path | None = None) -> str:
    """The text of a file in `directory` that describes the plan: each case once, and no far sides."""
    cases = list(dict.fromkeys(replace(_seen_from(directory, case), far="") for case in plan.cases))
    axes = [parse_axis(text) for text in plan.sweep]
    bases = cases[:: prod(len(axis.values) for axis in axes)]
    is_swept = bool(axes) and sweep(bases, axes) == tuple(cases)
    tables = [_table(case, axes if is_swept else ()) for case in (bases if is_swept else cases)]
    shared = {key: value for key, value in tables[0].items() if all(table.get(key) == value for table in tables)}
    rest = [{key: value for key, value in table.items() if key not in shared} for table in tables]
    if plan.preset in PRESETS:
        shared = {key: value for key, value in shared.items() if key in ("device", "modes", "runtime")}
    rules: dict[str, Any] = {rule.key: value for rule, value in unusual_rules(plan).items()}
    rules |= {"preset": plan.preset} if plan.preset else {}
    rules |= {"sweep": list(plan.sweep)} if is_swept else {}
    return HEADER + toml_text({**shared, **rules, **({"cases": rest} if any(rest) else {})})


def _seen_from(directory: Path | None, case: Case) -> Case:
    """Return the case, with the path of its code relative to `directory`."""
    if directory is None:
        return case
    workload, against = (seen_from(directory, name, named_in=Path.cwd()) for name in (case.workload, case.against))
    return replace(case, workload=workload, against=against)


def _table(case: Case, axes: Iterable[Axis]) -> dict[str, Any]:
    """What a case says of itself; the sizes that an axis gives a built-in workload are left to that."""
    varied = set() if is_own(case.workload) else {name for axis in axes for name in axis.names}
    settings = {name: getattr(case.runtime, name) for name in SETTINGS}
    table = {
        "workload": case.workload,
        "against": case.against,
        "against_ref": case.against_ref,
        "dtype": case.dtype,
        "device": case.device,
        "modes": list(plain_modes(case.modes)),
        "seed": case.seed,
        "inputs": case.inputs,
        "dims": {name: size for name, size in case.dims if name not in varied},
        "runtime": {name: value for name, value in settings.items() if value is not None},
    }
    return {key: value for key, value in table.items() if value not in ("", {})}
