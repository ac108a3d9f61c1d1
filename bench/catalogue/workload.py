"""What a workload is, and the decorator that declares one.

    @workload(family="matmul", flops=lambda m, k, n: 2 * m * k * n, teaches="One big kernel leaves nothing to win.")
    def matmul(*, m: int = 1024, k: int = 1024, n: int = 1024, dtype: str = "float32"):
        \"\"\"Product of two matrices, (m, k) @ (k, n).\"\"\"
        import tensorflow as tf

        a, b = tf.random.normal((m, k), dtype=dtype), tf.random.normal((k, n), dtype=dtype)
        return tf.matmul, (a, b)

The function's integer keyword parameters are the dimensions, with their defaults; its docstring is the help; it returns
the function to time and a tuple of the arguments to call it with, or a list of such tuples: calls take them one after
another, round and round, so that shapes and Python numbers may change from call to call. TensorFlow is imported inside
it, since catalogues are listed where there is none. It is called afresh for each mode, after every random generator was
seeded alike, and once more with `dtype="float64"` for the reference, if it has that parameter; `dtype` is one of those
that are declared, policies of mixed precision among them. Variables must exist when it returns.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..events import WorkloadInfo
from ..plan import DTYPES, MIXED, PlanError, compute_dtype, weight_dtype

Builder = Callable[..., tuple[Callable[..., Any], tuple[Any, ...] | list[tuple[Any, ...]]]]
Formula = Callable[..., int]

DEFAULT_BOUNDS = (1, 2**31 - 1)
"""Of a dimension that declares none: memory is the bound."""

ITEM_BYTES = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}


@dataclass(frozen=True)
class Dim:
    """A dimension: its name, default size and bounds, both included."""

    name: str
    default: int
    low: int
    high: int

    def check(self, size: int) -> None:
        """Raise PlanError, with the bound, if `size` is outside it."""
        if size < self.low:
            raise PlanError(f"{self.name}={size} is below its least size, {self.low}")
        if size > self.high:
            raise PlanError(f"{self.name}={size} is above its greatest size, {self.high}")


@dataclass(frozen=True)
class Workload:
    """Something that can be timed.

    `flops`, `bytes_moved` and `bytes_unfused` take every dimension by name, those of bytes `itemsize` too, in bytes;
    one that tells weights apart takes `weight_itemsize`, and only such a one knows the bytes of mixed precision.
    `unwrapped`: it is a `tf.function` of the user's, of which eager runs the Python and the other modes make their own.
    `note`: a sentence about how it is called, or nothing.
    """

    name: str
    family: str
    help: str
    teaches: str
    dims: tuple[Dim, ...]
    dtypes: tuple[str, ...]
    build: Builder
    takes_dtype: bool
    flops: Formula | None = None
    bytes_moved: Formula | None = None
    bytes_unfused: Formula | None = None
    unwrapped: bool = False
    note: str = ""

    def complete(self, dims: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
        """All dimensions in the workload's order, those not in `dims` at their defaults. Raises PlanError."""
        given = dict(dims)
        for name in given:
            if name not in (known := [dim.name for dim in self.dims]):
                raise PlanError(f"{self.name} has no dimension {name!r}: it has {', '.join(known) or 'none'}")
        sizes = tuple((dim.name, given.get(dim.name, dim.default)) for dim in self.dims)
        for dim, (_, size) in zip(self.dims, sizes, strict=True):
            dim.check(size)
        return sizes

    def check_dtype(self, dtype: str) -> None:
        """Raise PlanError if the workload cannot run in `dtype`."""
        if dtype not in self.dtypes:
            near = [other for other in self.dtypes if compute_dtype(other) == compute_dtype(dtype)]
            nearest = f"; {near[0]} is the nearest" if near else ""
            raise PlanError(f"{self.name} does not run in {dtype}: choose from {', '.join(self.dtypes)}{nearest}")

    def count_flops(self, dims: Mapping[str, int]) -> int | None:
        """Floating-point operations of one call; None where no formula is known."""
        return self.flops(**dims) if self.flops else None

    def count_bytes(self, dims: Mapping[str, int], dtype: str) -> int | None:
        """Bytes one call must read and write at least (inputs, weights, outputs); None where no formula is known."""
        return _count_bytes(self.bytes_moved, dims, dtype)

    def count_bytes_unfused(self, dims: Mapping[str, int], dtype: str) -> int | None:
        """Bytes where every op reads its inputs from memory and writes its outputs there; None where not known."""
        return _count_bytes(self.bytes_unfused, dims, dtype)

    def info(self) -> WorkloadInfo:
        """What of a workload can cross the wire."""
        dims = tuple((dim.name, dim.default, dim.low, dim.high) for dim in self.dims)
        return WorkloadInfo(self.name, self.family, self.help, self.teaches, dims, self.dtypes)


def _count_bytes(formula: Formula | None, dims: Mapping[str, int], dtype: str) -> int | None:
    """What the formula counts; None without one, and where it does not tell the two dtypes of mixed precision apart."""
    if formula is None:
        return None
    tells_weights_apart = "weight_itemsize" in inspect.signature(formula).parameters
    if dtype in MIXED and not tells_weights_apart:
        return None
    sizes = {"itemsize": ITEM_BYTES[compute_dtype(dtype)]}
    if tells_weights_apart:
        sizes["weight_itemsize"] = ITEM_BYTES[weight_dtype(dtype)]
    return formula(**sizes, **dims)


def workload(
    *,
    family: str,
    teaches: str = "",
    bounds: Mapping[str, tuple[int, int]] | None = None,
    dtypes: tuple[str, ...] = DTYPES,
    flops: Formula | None = None,
    bytes_moved: Formula | None = None,
    bytes_unfused: Formula | None = None,
    one_op: bool = False,
) -> Callable[[Builder], Workload]:
    """Declare the decorated builder as a workload; `bounds` gives (lowest, highest) of a dimension.

    `one_op`: it is a single op, which moves as much as it must, so that `bytes_moved` is `bytes_unfused` too.
    """

    def declare(build: Builder) -> Workload:
        return replace(
            describe(build, family=family, bounds=bounds or {}, dtypes=dtypes),
            teaches=teaches,
            flops=flops,
            bytes_moved=bytes_moved,
            bytes_unfused=bytes_moved if one_op else bytes_unfused,
        )

    return declare


def describe(
    build: Builder,
    *,
    family: str,
    bounds: Mapping[str, tuple[int, int]] | None = None,
    dtypes: tuple[str, ...] = DTYPES,
    with_others: bool = False,
) -> Workload:
    """Return the workload that a builder's own signature and docstring describe. Raises PlanError if they do not.

    `with_others`: parameters that are no dimensions keep their defaults.
    """
    name = getattr(build, "__name__", type(build).__name__)
    parameters = inspect.signature(build).parameters
    dims = []
    for parameter in parameters.values():
        if parameter.name == "dtype":
            continue
        if with_others and _keeps_its_default(parameter):
            continue
        if not isinstance(parameter.default, int) or isinstance(parameter.default, bool):
            raise PlanError(f"{name}: parameter {parameter.name!r} is no dimension: give it a whole number")
        default = parameter.default
        low, high = (bounds or {}).get(parameter.name, DEFAULT_BOUNDS)
        dims.append(Dim(parameter.name, default, min(low, default), max(high, default)))
    takes_dtype = "dtype" in parameters
    return Workload(
        name=name,
        family=family,
        help=inspect.getdoc(build) or "",
        teaches="",
        dims=tuple(dims),
        dtypes=dtypes if takes_dtype else ("float32",),
        build=build,
        takes_dtype=takes_dtype,
    )


def _keeps_its_default(parameter: inspect.Parameter) -> bool:
    """Tell whether a parameter may be left out, and is no dimension."""
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        return True
    return parameter.default is not parameter.empty and type(parameter.default) is not int
