"""A user's own callable as a workload, unedited: what it is called with is found, not asked for, where that can be."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...catalogue import Dim, Workload, describe
from ...plan import DTYPES
from .input_sources import FOR_ALL, Drawn, Made, source_of
from .input_specs import dims_of, draw, leaves_of
from .keras_methods import KerasMethod
from .mixed_precision import in_mixed_precision_too
from .user_calls import by_keyword, check_fits, made_calls
from .user_object import Callee, Read, UserObject, callee_of

FAMILY = "own"


def adopt(read: Read, inputs: str = "", *, by_name: bool = False) -> Workload:
    """Return the workload that the user's code makes. Raises PlanError where nothing says what to call it with.

    `by_name`: names in `inputs` must be those of parameters.
    """
    found = read()
    if isinstance(found.value, Workload):
        return found.value
    return in_mixed_precision_too(_adopt(read, found, inputs, by_name=by_name))


def _adopt(read: Read, found: UserObject, inputs: str, *, by_name: bool) -> Workload:
    if not inputs and _is_in_catalogue_form(found):
        return describe(found.value, family=FAMILY)
    callee = callee_of(found)
    source = source_of(found, callee, inputs, by_name=by_name)
    return _of_maker(read, found, source) if isinstance(source, Made) else _of_specs(read, found, source)


def _is_in_catalogue_form(found: UserObject) -> bool:
    """Tell whether its parameters are dimensions: all of them keywords with defaults, and nothing makes its inputs."""
    if not inspect.isfunction(found.value) or callable(found.beside(found.maker)):
        return False
    parameters = inspect.signature(found.value).parameters.values()
    return bool(parameters) and all(
        each.kind is each.KEYWORD_ONLY and (each.default is not each.empty or each.name == "dtype")
        for each in parameters
    )


# --- the workloads that they make ------------------------------------------------------------------------------------


def _of_specs(read: Read, found: UserObject, source: Drawn) -> Workload:
    """Inputs are drawn at random; sizes that the specs leave open are dimensions."""
    specs = leaves_of(source.call)
    floats = [dtype for dtype in DTYPES if any(spec.dtype == dtype for spec in specs)]

    def build(**dims: int) -> Any:
        again = read()
        return _built(callee_of(again), [draw(source.call, dims)], source.call.names, are_drawn=True)

    workload = _workload(found, build, dims_of(specs), tuple(floats[-1:]) or ("float32",))
    return replace(workload, note=source.call.note)


def _of_maker(read: Read, found: UserObject, source: Made) -> Workload:
    """Inputs are what the user's function returns; its whole-number parameters are dimensions."""
    described = describe(found.beside(source.maker), family=FAMILY, with_others=True)

    def build(**parameters: Any) -> Any:
        again = read()
        callee = callee_of(again)
        calls = made_calls(again.beside(source.maker)(**parameters), source.maker, callee)
        if not calls[0].names:
            check_fits(calls[0].values, source.maker, callee)
        if isinstance(callee.function, KerasMethod) and source.maker == FOR_ALL:
            callee.function.check_targets(calls[0].values, source.maker)
        return _built(callee, [call.values for call in calls], calls[0].names)

    return _workload(found, build, described.dims, described.dtypes, takes_dtype=described.takes_dtype)


def _workload(
    found: UserObject,
    build: Callable[..., Any],
    dims: tuple[Dim, ...],
    dtypes: tuple[str, ...],
    *,
    takes_dtype: bool = False,
) -> Workload:
    return Workload(
        name=found.name,
        family=FAMILY,
        help=inspect.getdoc(found.value) or "",
        teaches="",
        dims=dims,
        dtypes=dtypes,
        build=build,
        takes_dtype=takes_dtype,
        unwrapped=hasattr(callee_of(found).function, "python_function"),
    )


def _built(
    callee: Callee, argument_sets: list[tuple[Any, ...]], names: tuple[str, ...], *, are_drawn: bool = False
) -> tuple[Callable[..., Any], list[tuple[Any, ...]]]:
    """Return what is called, and with what; the last arguments of each set go by these names."""
    if isinstance(callee.function, KerasMethod):
        callee.function.has_drawn_targets = are_drawn
        return callee.function, argument_sets
    return by_keyword(callee.function, names), argument_sets
