"""Make cases of names and sizes, checked against the catalogue: for the command line, the screen and plan files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..catalogue import WORKLOADS, find
from ..catalogue.installed import installed
from ..implementations import plain_modes
from ..plan import (
    CODE_FILES,
    DEFAULT_DEVICE,
    DEFAULT_DTYPE,
    DEFAULT_MODES,
    DEFAULT_SEED,
    PRECISIONS,
    Case,
    Plan,
    PlanError,
    is_own,
)
from ..runtime import NO_SETTINGS, Runtime
from ..suggest import PLAN_SUFFIX, did_you_mean, nearest, one_of
from .sweep import parse_axis, sweep

Dims = tuple[tuple[str, int], ...]


def make_cases(
    workloads: Sequence[str],
    dims: Dims = (),
    *,
    dtype: str | None = None,
    devices: Sequence[str] = (),
    modes: tuple[str, ...] = DEFAULT_MODES,
    seed: int = DEFAULT_SEED,
    inputs: str = "",
    runtime: Runtime = NO_SETTINGS,
    preferred_dtype: str = DEFAULT_DTYPE,
    against: str = "",
    against_ref: str = "",
) -> tuple[Case, ...]:
    """Return each workload on each device, as often as they are given. Raises PlanError.

    A dimension goes to those workloads that have it. Without a `dtype`, a workload runs in the preferred one, or else
    in float32; one that runs in neither runs in the first that it has. `against`, `against_ref`: as of a `Case`.
    """
    if not workloads:
        raise PlanError("no workload is named: `tfjit-tui list` shows what there is")
    offered = {} if all(name in WORKLOADS for name in (*workloads, against or workloads[0])) else installed()
    workloads = [workload if workload in WORKLOADS else offered.get(workload, workload) for workload in workloads]
    against = against if against in WORKLOADS else offered.get(against, against)
    for workload in filter(None, (*workloads, against)):
        if workload not in WORKLOADS and not is_own(workload):
            _check_is_no_path(workload)
    if dtype is not None:
        one_of(dtype, PRECISIONS, "dtype")
    _check_dims_belong(workloads, dims)
    if inputs and (built_in := next((workload for workload in workloads if not is_own(workload)), "")):
        raise PlanError(f"--inputs are for code of your own: {built_in} has inputs already")
    sized = [(workload, *_sized(workload, dims, dtype, preferred_dtype)) for workload in workloads]
    return tuple(
        Case(*each, device.upper(), modes, seed, inputs, runtime, against=against, against_ref=against_ref)
        for device in devices or [DEFAULT_DEVICE]
        for each in sized
    )


def held_against(case: Case, against: str, revision: str) -> Case:
    """Return the case, held against an old implementation. Raises PlanError where there is no such workload."""
    if against and against not in WORKLOADS:
        against = installed().get(against, against)
        if not is_own(against):
            _check_is_no_path(against)
            find(against)
    if not (against or revision):
        raise PlanError("name an old implementation, a revision, or both")
    held = replace(case, modes=plain_modes(case.modes), against=against, against_ref=revision)
    return check_cases((held,))[0]


def check_cases(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return the cases if built-in workloads have these sizes and dtypes. Raises PlanError."""
    for case in cases:
        for known in (find(name) for name in case.code if not is_own(name)):
            known.complete(case.dims)
            known.check_dtype(case.dtype)
    return cases


def swept(cases: Iterable[Case], axes: Iterable[str]) -> tuple[Case, ...]:
    """Return the cases varied along these axes. Raises PlanError."""
    return check_cases(sweep(cases, [parse_axis(text) for text in axes]))


def along(plan: Plan, axes: tuple[str, ...]) -> Plan:
    """Return the plan with its cases varied along these axes; the same plan if there are none. Raises PlanError."""
    return replace(plan, cases=swept(plan.cases, axes), preset="", sweep=axes) if axes else plan


def parse_dims(words: Iterable[str]) -> Dims:
    """Return the sizes of `m=1024`, `k=64`. Raises PlanError."""
    sizes: dict[str, int] = {}
    for word in words:
        name, sign, text = word.partition("=")
        name = name.strip()
        try:
            size = int(text)
        except ValueError:
            raise PlanError(f"--dim {word}: give a name and a whole number, such as m=1024") from None
        if not sign or not name:
            raise PlanError(f"--dim {word}: give a name and a whole number, such as m=1024")
        if sizes.setdefault(name, size) != size:
            raise PlanError(f"--dim {name} is given twice: {sizes[name]} and {size}")
    return tuple(sizes.items())


def _functions(file: str) -> str:
    """Return the functions in a file as the end of a message; empty where there is no such file here."""
    from .code_names import CodeFile  # only for a message

    code = CodeFile.read(Path(file).expanduser())
    return f": {', '.join(code.callables)}" if code and code.callables else ""


def _check_is_no_path(name: str) -> None:
    """Raise PlanError where a name lacks what would make it one of a file or a directory that is there."""
    if Path(f"{name}.py").is_file():
        raise PlanError(f"there is no workload {name!r}: did you mean a function in {name}.py, as {name}.py::FUNCTION?")
    if Path(name).is_dir():
        raise PlanError(f"there is no workload {name!r}: did you mean the directory {name}/?")
    if Path(name).suffix and (near := _files_like(name)):
        raise PlanError(f"there is no workload {name!r}: {did_you_mean(near)}")


def _files_like(name: str) -> list[str]:
    """Return code, models and plans in the current directory whose names are like this one."""
    try:
        names = sorted(each.name for each in Path().iterdir())
    except OSError:
        return []
    return nearest(name, [each for each in names if each.endswith((*CODE_FILES, PLAN_SUFFIX))])


def _sized(workload: str, dims: Dims, dtype: str | None, preferred: str) -> tuple[Dims, str]:
    """Return all dimensions and the dtype of a workload; of user code what is given, for the far side to complete."""
    if workload.endswith(".py"):
        raise PlanError(f"{workload} is a file: name a function in it, as {workload}::FUNCTION{_functions(workload)}")
    if is_own(workload):
        return dims, dtype or preferred
    known = find(workload)
    names = {dim.name for dim in known.dims}
    if dtype is None:
        dtype = next((each for each in (preferred, DEFAULT_DTYPE) if each in known.dtypes), known.dtypes[0])
    known.check_dtype(dtype)
    return known.complete((name, size) for name, size in dims if name in names), dtype


def _check_dims_belong(workloads: Sequence[str], dims: Dims) -> None:
    """Raise PlanError for a dimension that no workload has."""
    if any(map(is_own, workloads)):
        return
    names = {dim.name: None for workload in workloads for dim in find(workload).dims}
    for name, _ in dims:
        if name not in names:
            whose = workloads[0] if len(workloads) == 1 else f"none of {', '.join(workloads)}"
            has = "has no" if len(workloads) == 1 else "has a"
            near = nearest(name, names) or list(names)
            raise PlanError(f"{whose} {has} dimension {name!r}: there is {', '.join(near)}")
