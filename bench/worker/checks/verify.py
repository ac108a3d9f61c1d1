"""Whether a mode computes what eager does: value by value, by no tolerance but what rounding is seen to move.

Integers, booleans and strings are compared exactly, NaN and infinity by place. Two floats are alike within two epsilons
of their own dtype. Where they are not, Monte Carlo arithmetic tells how far rounding alone moves each value
(`rounding_noise.py`): beyond EXCESS times that, a value is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

EPSILONS = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
TENSOR_FLOAT_32_EPSILON = 2.0**-10

TINY = {"float16": 2.0**-23, "bfloat16": 2.0**-126, "float32": 2.0**-126, "float64": 2.0**-1022}
"""Differences up to this are those of numbers that some modes flush to zero (of float16: twice the smallest)."""

ALIKE = 2
"""Epsilons of its dtype by which a value may differ without being looked into."""

EXCESS = 8
"""How many times as far as rounding moves a value it may lie from eager's."""

FEWEST_POOLED = 32
"""Values of one size that say how far rounding moves each of them."""

Mask = NDArray[np.bool_]


class Key(NamedTuple):
    """Which array a part is: output or variable, its number from 0 on, and the call after which it was seen.

    Call LAST is the one with the last of several argument sets.
    """

    kind: Literal["output", "variable"]
    number: int
    call: int


LAST = -1


@dataclass(frozen=True)
class Part:
    """An array that a call leaves behind.

    `name` says what it is, "output 2" or "variable `kernel`"; it is empty for the only output of the first call.
    """

    name: Callable[[], str]
    array: NDArray[Any]


Parts = Mapping[Key, Part]
Masks = Mapping[Key, Mask]
"""Which values of parts are meant; a part of which none is meant is not there."""


def unlike(array: NDArray[Any], expected: NDArray[Any], epsilons: float = ALIKE) -> Mask:
    """Return where two arrays of one shape and dtype differ beyond a few epsilons, exact dtypes at all."""
    epsilon = epsilon_of(array)
    if epsilon is None:
        return np.asarray(array != expected)
    ours, theirs = wide(array), wide(expected)
    with np.errstate(invalid="ignore", over="ignore"):
        within = np.abs(ours - theirs) <= epsilons * epsilon * np.maximum(np.abs(ours), np.abs(theirs)) + _tiny(array)
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    return np.asarray(~(same | (within & np.isfinite(ours) & np.isfinite(theirs))))


def distance(array: NDArray[Any], expected: NDArray[Any]) -> NDArray[np.float64]:
    """Return how far each value lies from its expected one, in steps of integers.

    Infinity stands for other strings and booleans, and for NaN or infinity in the place of a number.
    """
    if array.dtype.kind in "OSUb":
        return np.where(array != expected, np.inf, 0.0)
    if array.dtype.kind in "iu":  # beyond 2 ** 53 two of them can be one float64
        ours, theirs = (each.astype(np.uint64) for each in (array, expected))
        return np.where(array > expected, ours - theirs, theirs - ours).astype(np.float64)
    ours, theirs = wide(array), wide(expected)
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(ours - theirs)
    return np.where(same, 0.0, np.where(np.isfinite(apart), apart, np.inf))


def suspects_in(parts: Parts, expected: Parts) -> Masks:
    """Return the values that are not alike, of the parts that both have."""
    return _some({key: unlike(parts[key].array, expected[key].array) for key in parts if key in expected})


def beyond_spread(parts: Parts, expected: Parts, suspects: Masks, spread: Mapping[Key, NDArray[Any]]) -> Masks:
    """Return which of the suspects rounding does not explain; `spread`: how far it moves each value."""
    found = {}
    for key, mask in suspects.items():
        places = np.nonzero(np.atleast_1d(mask))
        apart = distance(*(np.atleast_1d(each[key].array)[places] for each in (parts, expected)))
        moved = np.atleast_1d(spread[key])
        left = apart > EXCESS * moved[places]
        places, apart = tuple(each[left] for each in places), apart[left]
        if apart.size:
            left = apart > EXCESS * _pooled(moved, np.atleast_1d(expected[key].array), places)
            places = tuple(each[left] for each in places)
        unexplained = np.zeros(np.atleast_1d(mask).shape, bool)
        unexplained[places] = True
        found[key] = unexplained.reshape(mask.shape)
    return _some(found)


def _pooled(spread: NDArray[Any], expected: NDArray[Any], places: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    """Return how far rounding moves half of the values of each one's size, a power of two, in the same array.

    A few runs leave some values by chance where they are. Fewer than FEWEST_POOLED of a size tell nothing.
    """
    found = np.zeros(len(places[0]))
    if epsilon_of(expected) is None:
        return found
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.frexp(np.abs(wide(expected)))[1]
    wanted = powers[places]
    for power in np.unique(wanted):
        group = spread[powers == power]
        if group.size >= FEWEST_POOLED:
            found[wanted == power] = np.median(group)
    return found


def beyond_amplified(
    parts: Parts,
    expected: Parts,
    suspects: Masks,
    spread: Mapping[Key, NDArray[np.float64]],
    amplified: Mapping[Key, NDArray[np.float64]],
) -> Masks:
    """Return which of the suspects no decision explains either; `amplified`: how far larger errors move each value.

    Only a value that rounding itself has not moved may hang on a decision.
    """
    return _some(
        {
            key: mask & ((spread[key] > 0) | (distance(parts[key].array, expected[key].array) > amplified[key]))
            for key, mask in suspects.items()
        }
    )


def beyond_epsilons(parts: Parts, expected: Parts, suspects: Masks, narrowest: Callable[[Key], float]) -> Masks:
    """Return the suspects beyond EXCESS epsilons of the narrowest dtype, for where no spread is known.

    `narrowest`: that dtype's epsilon, on the path to a part. Epsilons are of the largest value of the array: what
    cancels to less than that cannot be told without eager.
    """

    def allowed(key: Key, array: NDArray[Any]) -> float:
        own = epsilon_of(array)
        if own is None:
            return 0.0
        magnitudes = np.abs(wide(array))
        return EXCESS * max(narrowest(key), own) * float(np.max(magnitudes[np.isfinite(magnitudes)], initial=0.0))

    return _some(
        {
            key: mask & (distance(parts[key].array, expected[key].array) > allowed(key, expected[key].array))
            for key, mask in suspects.items()
        }
    )


def _some(masks: Masks) -> Masks:
    return {key: mask for key, mask in masks.items() if mask.any()}


def in_words(part: Part, expected: NDArray[Any], wrong: Mask) -> str:
    """Say which values of a part are wrong, and the first of them: `5 of 7 values differ, the first -112 for 112`."""
    array, count = part.array, int(np.count_nonzero(wrong))
    first = tuple(int(each[0]) for each in np.nonzero(np.atleast_1d(wrong)))
    told = _told_apart(*(np.atleast_1d(each)[first] for each in (array, expected)))
    for kind, is_special in (("NaN", np.isnan), ("infinite", np.isinf)):
        if epsilon_of(array) is None:
            break
        theirs, ours = is_special(wide(expected)), is_special(wide(array))
        if np.array_equal(wrong, ours & ~theirs):
            return _about(part, f"{_values(count)} {'is' if count == 1 else 'are'} {kind} where eager's are not")
        if np.array_equal(wrong, theirs & ~ours):
            return _about(part, f"{_values(count)} {'is' if count == 1 else 'are'} not {kind} where eager's are")
    if array.size == 1:
        return f"{part.name() or 'the output'} is {told[0]}, eager's is {told[1]}"
    differ = "differs" if count == 1 else "differ"
    which = "" if count == 1 else "the first "
    return _about(part, f"{count:,} of {_values(array.size)} {differ}, {which}{told[0]} for {told[1]}")


def remark(part: Part, expected: NDArray[Any], explained: Mask) -> str:
    """Say what rounding explains though it is much: half the digits of the largest value; empty if it is not."""
    count, size = int(np.count_nonzero(explained)), part.array.size
    epsilon = epsilon_of(part.array)
    if epsilon is None:
        is_number = part.array.dtype.kind in "iu"
        if is_number and np.max(distance(part.array, expected)[explained]) <= 1:
            return _about(part, f"floats rounded to integers differ by one step in {count:,} of {_values(size)}")
    elif _relative_error(part.array, expected) <= math.sqrt(epsilon):
        return ""
    them = "it" if count == 1 else "them"
    return _about(part, f"rounding decides {count:,} of {_values(size)}: errors of one rounding move {them} as far")


def compare_shapes(output: Sequence[NDArray[Any]], expected: Sequence[NDArray[Any]]) -> str:
    """Say how structure, shapes or dtypes differ; empty if they do not."""
    if len(output) != len(expected):
        return f"{len(output)} tensors, not {len(expected)}"
    for ours, theirs in zip(output, expected, strict=True):
        if ours.shape != theirs.shape:
            return f"shape {_shape(ours)}, not {_shape(theirs)}"
        if ours.dtype != theirs.dtype:
            return f"dtype {ours.dtype}, not {theirs.dtype}"
    return ""


def relative_error(output: Sequence[NDArray[Any]], reference: Sequence[NDArray[Any]]) -> float | None:
    """Return the largest max|y - ref| / max|ref| of all arrays, which must have equal shapes; None: it is no number."""
    errors = [_relative_error(ours, theirs) for ours, theirs in zip(output, reference, strict=True)]
    error = max(errors, default=0.0)
    return error if math.isfinite(error) else None


def epsilon_of(array: NDArray[Any]) -> float | None:
    """Return the distance from 1 to the next number of a dtype of real or complex numbers; None of any other."""
    name = {"complex64": "float32", "complex128": "float64"}.get(array.dtype.name, array.dtype.name)
    return EPSILONS.get(name)


def wide(array: NDArray[Any]) -> NDArray[Any]:
    """Return numbers in a dtype that NumPy computes with and that holds them: short floats stay short."""
    if array.dtype.kind == "c":
        return array.astype(np.complex128)
    short = array.dtype.name in ("float16", "bfloat16", "float32")
    return array.astype(np.float32 if short else np.float64, copy=False)


def _tiny(array: NDArray[Any]) -> float:
    return TINY[{"complex64": "float32", "complex128": "float64"}.get(array.dtype.name, array.dtype.name)]


def _relative_error(output: NDArray[Any], reference: NDArray[Any]) -> float:
    apart = distance(output, reference)
    furthest = float(np.max(apart, initial=0.0))
    if furthest == 0 or not math.isfinite(furthest):
        return furthest
    exact = np.abs(wide(reference))
    largest = float(np.max(exact[np.isfinite(exact)], initial=0.0))
    return furthest / largest if largest else math.inf


def _about(part: Part, words: str) -> str:
    return f"{name}: {words}" if (name := part.name()) else words


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"


def _told_apart(ours: Any, theirs: Any) -> tuple[str, str]:
    """Return two values as people write them, with as many digits as tell them apart."""
    if epsilon_of(np.asarray(ours)) is None:
        return _value(ours), _value(theirs)
    kind = complex if np.iscomplexobj(ours) else float
    pairs = ((f"{kind(ours):.{digits}g}", f"{kind(theirs):.{digits}g}") for digits in range(4, 18))
    return next((pair for pair in pairs if pair[0] != pair[1]), (repr(kind(ours)), repr(kind(theirs))))


def _value(value: Any) -> str:
    """Return a value that is no float, as people write it."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        return repr(value if len(value) <= LONGEST_STRING else f"{value[:LONGEST_STRING]}…")
    return str(value)


LONGEST_STRING = 40


def _shape(array: NDArray[Any]) -> str:
    return str(tuple(int(size) for size in array.shape))
