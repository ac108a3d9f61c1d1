"""A plan as a file that a person can read and edit: TOML, sweeps as axes.

    workload = "matmul"
    modes = ["graph", "xla"]
    processes = 3
    sweep = ["k=n=64..1024"]

    [dims]
    m = 64

What is left out is as on the command line. Where there are several cases, each is a table `[[cases]]` that says what is
its own, and the keys above it are what they share; of `dims` and `runtime` a case's own entries join the shared ones.
Paths of user code and of models are relative to the file's own directory. Far sides are not part of a plan's file: the
command line has them. What a case must pass in CI, `fail_if` and `fail_if_slower_percent`, is no part of the plan: it
stands beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from ..number_text import number
from ..plan import DEFAULT_DEVICE, DEFAULT_MODES, DEFAULT_SEED, Case, Plan, PlanError
from ..rules import PROCESSES, RULES
from ..runtime import SETTINGS, Runtime, parse_runtime, setting_text
from ..suggest import one_of, parse_mode
from ..toml_text import TomlError, read_toml
from .cases import make_cases, swept
from .plan_source import STDIN, PlanFileError, read_plan_text
from .presets import find_preset
from .rule_values import plan_under
from .thresholds import NO_THRESHOLDS, Thresholds
from .user_code_paths import seen_from

WHERE = re.compile(r"(?P<what>.*) - at `\$\.?(?P<key>.*)`")
"""How msgspec says where something is wrong."""


class CaseKeys(msgspec.Struct, frozen=True):
    """What a case says of itself; null where it says nothing."""

    workload: str | None = None
    against: str | None = None
    against_ref: str | None = None
    dtype: str | None = None
    device: str | None = None
    modes: tuple[str, ...] | None = None
    seed: int | None = None
    inputs: str | None = None
    dims: dict[str, int] = {}
    runtime: dict[str, bool | int] = {}
    fail_if: tuple[str, ...] | None = None
    fail_if_slower_percent: float | None = None


class PlanKeys(CaseKeys, frozen=True, kw_only=True):
    """The keys of a file but for the rules: those that the cases share, and what makes cases.

    Keyword-only fields are listed last: a message names the rules before them.
    """

    preset: str = ""
    sweep: tuple[str, ...] = ()
    cases: tuple[CaseKeys, ...] = ()


FILE_KEYS = cast(
    "type[PlanKeys]",
    msgspec.defstruct(
        "FileKeys", [(rule.key, rule.unit.type | None, None) for rule in RULES], bases=(PlanKeys,), frozen=True
    ),
)
"""All keys of a file. Units are in the names of the rules; null stands for a rule that the file leaves out."""


@dataclass(frozen=True)
class PlanFile:
    """A plan, whether its file says in how many processes a case is to be measured, and what its cases must pass.

    `name`: what the file is called in a message.
    """

    plan: Plan
    says_processes: bool
    thresholds: Mapping[Case, Thresholds] = field(default_factory=dict)
    name: str = ""


def read_plan(path: Path) -> PlanFile:
    """The plan in a file. Raises PlanFileError."""
    read = read_plan_text(path)
    name = "stdin" if path == STDIN else str(path)
    try:
        return replace(parse_plan(read.text, read.directory), name=name)
    except PlanError as error:
        raise PlanFileError(f"{name}: {error}") from None


def parse_plan(text: str, directory: Path | None = None) -> PlanFile:
    """The plan that a file's text describes; paths are relative to `directory`. Raises PlanError."""
    try:
        tables = read_toml(text)
    except TomlError as error:
        raise PlanError(str(error)) from None
    _check_names(tables)
    try:
        keys = msgspec.convert(tables, FILE_KEYS)
    except msgspec.ValidationError as error:
        raise PlanError(_told(error)) from None
    if directory is not None:
        keys = _found_in(directory, keys)
    keys = _with_preset(keys)
    own = keys.cases or (CaseKeys(),)
    bases = [_case(keys, each, f"cases[{index}]: " if keys.cases else "") for index, each in enumerate(own)]
    rules = {rule.name: getattr(keys, rule.key) for rule in RULES}
    plan = plan_under(Plan(_swept(bases, keys.sweep), preset=keys.preset, sweep=keys.sweep), rules)
    return PlanFile(plan, rules[PROCESSES.name] is not None, _thresholds(keys, own, bases))


Keys = TypeVar("Keys", bound=CaseKeys)


def _found_in(directory: Path, keys: PlanKeys) -> PlanKeys:
    """Return the keys, with paths of user code relative to the current directory."""

    def found(keys: Keys) -> Keys:
        code = {name: getattr(keys, name) for name in ("workload", "against")}
        here = {name: seen_from(Path.cwd(), each, named_in=directory) for name, each in code.items() if each}
        return msgspec.structs.replace(keys, **here)

    return msgspec.structs.replace(found(keys), cases=tuple(map(found, keys.cases)))


def _told(error: msgspec.ValidationError) -> str:
    """What is wrong with a value: its key, then what was expected. There is no null in TOML."""
    match = WHERE.fullmatch(str(error))
    told = f"{match['key']}: {match['what']}" if match else str(error)
    return told.replace("`", "").replace(" | null", "")


def _thresholds(keys: PlanKeys, own: Sequence[CaseKeys], bases: Sequence[Case]) -> dict[Case, Thresholds]:
    """Return the thresholds of each case: its own, or else the shared ones."""
    found: dict[Case, Thresholds] = {}
    for index, (each, base) in enumerate(zip(own, bases, strict=True)):
        fail_if = keys.fail_if if each.fail_if is None else each.fail_if
        percent = keys.fail_if_slower_percent if each.fail_if_slower_percent is None else each.fail_if_slower_percent
        if percent is not None and not 0 <= percent < math.inf:
            place = f"cases[{index}]: " if each.fail_if_slower_percent is not None else ""
            raise PlanError(f"{place}fail_if_slower_percent {number(percent)} is not a percentage: give one such as 5")
        thresholds = Thresholds(fail_if or (), None if percent is None else percent / 100)
        for case in _swept([base], keys.sweep):
            found[case] = found.get(case, NO_THRESHOLDS) | thresholds
    return {case: thresholds for case, thresholds in found.items() if thresholds != NO_THRESHOLDS}


def _with_preset(keys: PlanKeys) -> PlanKeys:
    """The keys, with what their preset settles."""
    if not keys.preset:
        return keys
    case = find_preset(keys.preset).case
    settled = ("workload", "against", "against_ref", "dims", "dtype", "seed", "inputs", "sweep", "cases")
    if given := next((name for name in settled if getattr(keys, name) not in (None, {}, ())), None):
        raise PlanError(f"a preset says what to measure: give no {given} with it")
    return msgspec.structs.replace(keys, workload=case.workload, dims=dict(case.dims), dtype=case.dtype, seed=case.seed)


def _case(shared: CaseKeys, own: CaseKeys, place: str) -> Case:
    def said(name: str) -> Any:
        return getattr(shared, name) if getattr(own, name) is None else getattr(own, name)

    workload, modes = said("workload"), said("modes")
    try:
        (case,) = make_cases(
            () if workload is None else (workload,),
            tuple({**shared.dims, **own.dims}.items()),
            dtype=said("dtype"),
            devices=(said("device") or DEFAULT_DEVICE,),
            modes=DEFAULT_MODES if modes is None else tuple(map(parse_mode, modes)),
            seed=DEFAULT_SEED if said("seed") is None else said("seed"),
            inputs=said("inputs") or "",
            runtime=_runtime({**shared.runtime, **own.runtime}),
            against=said("against") or "",
            against_ref=said("against_ref") or "",
        )
    except PlanError as error:
        raise PlanError(f"{place}{_of_a_file(error)}") from None
    return case


def _of_a_file(error: PlanError) -> str:
    """Return a message with the file's key in place of the option that it names."""
    names = {"--sweep": "sweep:", "--inputs": "inputs", "--against-ref": "against_ref", "--against": "against"}
    told = str(error)
    for option, key in names.items():
        told = told.replace(option, key)
    return told


def _runtime(settings: Mapping[str, bool | int]) -> Runtime:
    return parse_runtime([f"{name}={setting_text(value)}" for name, value in settings.items()])


def _swept(cases: Sequence[Case], axes: Iterable[str]) -> tuple[Case, ...]:
    try:
        return swept(cases, axes)
    except PlanError as error:
        raise PlanError(_of_a_file(error)) from None


def _check_names(tables: Mapping[str, Any]) -> None:
    """Raise PlanError for a key that means nothing, with the nearest that does."""
    _check_among(tables, FILE_KEYS.__struct_fields__, "")
    cases = tables.get("cases")
    for index, table in enumerate(cases if isinstance(cases, list) else []):
        if isinstance(table, dict):
            _check_among(table, CaseKeys.__struct_fields__, f"cases[{index}]: ")


def _check_among(table: Mapping[str, Any], names: Sequence[str], place: str) -> None:
    for key, known in (*((key, names) for key in table), *((key, SETTINGS) for key in _settings(table))):
        try:
            one_of(key, known, "key")
        except PlanError as error:
            raise PlanError(f"{place}{error}") from None


def _settings(table: Mapping[str, Any]) -> Iterable[str]:
    runtime = table.get("runtime")
    return runtime if isinstance(runtime, dict) else ()
