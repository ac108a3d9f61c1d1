"""Read what a callable is called with, as `--inputs` says it, and match that to its parameters.

    x=float32[batch=32,64], ids=int32[batch]
    batch={ids: int32[batch,len], mask: float32[batch,len]}, state=(float32[8], float32[8])

A size is a number, or the name of a dimension with its default; a default may be left out, as may names of inputs.
Both sides of the wire read this file.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .plan_error import PlanError
from .suggest import did_you_mean, nearest

HOW = "such as 'x=float32[batch=32,64], ids=int32[batch]'"

DRAWN = (
    *("float32", "float64", "float16", "bfloat16", "half", "double", "float", "bool", "string"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "int4", "uint4", "int2", "uint2"),
    *("complex64", "complex128", "float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2fnuz"),
    "float8_e4m3b11fnuz",
)
"""TensorFlow's names of the dtypes of which tensors can be drawn."""

MADE = re.compile(
    r"ragged|sparse|indexed|slices|dataset|iterator|optional|variant|resource|q(u?)int\d+|list|dict|object"
)
"""Names that stand in a dtype's place. Such inputs cannot be drawn: a function must make them."""

WHOLE_NUMBERS = 10
"""Random ones lie below that: they are often indices."""

NAME = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)\s*")
KEY = re.compile(r"\s*(?:'([^']*)'|\"([^\"]*)\"|([\w./-]+))\s*:\s*")
TENSOR = re.compile(r"\s*([A-Za-z_][\w.]*)\s*\[([^\]]*)\]\s*")
WORD = re.compile(r"\s*([A-Za-z_][\w.]*)")
SIZE = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:=(?P<default>\d+))?")
COMMA = re.compile(r"\s*,\s*")
CLOSING = {"{": "}", "(": ")", "[": "]"}

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class InputSpec:
    """A tensor to draw: its dtype by TensorFlow's name, and each size as a number or as the name of a dimension.

    `defaults`: those of the dimensions. `below`: whole numbers lie below that.
    """

    dtype: str
    shape: tuple[int | str, ...]
    defaults: tuple[tuple[str, int], ...] = ()
    below: int = WHOLE_NUMBERS


@dataclass(frozen=True)
class Input:
    """One input as it is written: its name, empty if it has none, and an InputSpec or a dict, list or tuple of them."""

    name: str
    value: Any


@dataclass(frozen=True)
class Call:
    """What a function is called with: these by position, then those by name. `note`: a sentence about it, if any."""

    positional: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()
    note: str = ""

    @property
    def values(self) -> tuple[Any, ...]:
        """Return all of them, those by name last."""
        return (*self.positional, *(value for _, value in self.named))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of those that go by name."""
        return tuple(name for name, _ in self.named)


def maker_of(name: str) -> str:
    """Return the name of the function that makes the inputs of this: of `steps.py::net.call`, `call_inputs`."""
    return f"{re.split('[:.]', name)[-1]}_inputs"


# --- reading ----------------------------------------------------------------------------------------------------------


def parse_inputs(text: str, maker: str = "NAME_inputs") -> tuple[Input, ...]:
    """Return the inputs that a text says. `maker`: the function that makes what cannot be said. Raises PlanError."""
    return tuple(_Reader(text, maker).inputs())


class _Reader:
    """Reads a text from left to right; `_at` is the place that comes next."""

    def __init__(self, text: str, maker: str) -> None:
        self._text = text
        self._maker = maker
        self._at = 0

    def inputs(self) -> Iterator[Input]:
        while self._text[self._at :].strip():
            start = self._at
            name = self._take(NAME)
            yield Input(name[1] if name else "", self._value(start))
            if not self._take(COMMA) and self._text[self._at :].strip():
                raise self._not_understood(start)

    def _value(self, start: int) -> Any:
        """Return a tensor, or a dict, list or tuple; `start` is where the input begins, for a message."""
        opening = self._take(re.compile(r"\s*([{(\[])\s*"))
        if opening is None:
            return self._tensor(start)
        closing = re.compile(rf"\s*\{CLOSING[opening[1]]}\s*")
        values: dict[Any, Any] = {}
        while not self._take(closing):
            key: Any = len(values)
            if opening[1] == "{":
                named = self._take(KEY)
                if named is None:
                    raise self._not_understood(start)
                key = next(each for each in named.groups() if each is not None)
            values[key] = self._value(start)
            if not self._take(COMMA) and not closing.match(self._text, self._at):
                raise self._not_understood(start)
        if opening[1] == "{":
            return values
        return list(values.values()) if opening[1] == "[" else tuple(values.values())

    def _tensor(self, start: int) -> InputSpec:
        match = self._take(TENSOR)
        word = match or WORD.match(self._text, self._at)
        if word and MADE.search(word[1].lower()):
            raise PlanError(
                f"inputs: {word[1]!r} is no tensor that can be drawn: write a function {self._maker}() that returns it"
            )
        if match is None:
            raise self._not_understood(start)
        if match[1] not in DRAWN:
            near = nearest(match[1], DRAWN)
            hint = f"{did_you_mean(near)} Give" if near else "give"
            raise PlanError(f"inputs: there is no dtype {match[1]!r}: {hint} dtypes and shapes, {HOW}")
        shape: list[int | str] = []
        defaults: dict[str, int] = {}
        for size in filter(None, (size.strip() for size in match[2].split(","))):
            if size.isdecimal():
                shape.append(int(size))
            elif (named := SIZE.fullmatch(size.replace(" ", ""))) and named["name"] != "None":
                shape.append(named["name"])
                if named["default"]:
                    defaults[named["name"]] = int(named["default"])
            else:
                raise PlanError(f"inputs: {size!r} is no size: give a number or a name, {HOW}")
        return InputSpec(match[1], tuple(shape), tuple(defaults.items()))

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the match of a pattern here, and go on behind it."""
        match = pattern.match(self._text, self._at)
        if match:
            self._at = match.end()
        return match

    def _not_understood(self, start: int) -> PlanError:
        words = f"inputs {self._text[start:].strip()!r} are not understood: give dtypes and shapes, {HOW}"
        return PlanError(f"{words}; other values are made by a function {self._maker}()")


# --- matching to parameters -------------------------------------------------------------------------------------------


def bind(
    inputs: Iterable[Input], signature: inspect.Signature | None, callable_name: str, *, by_order: bool = False
) -> Call:
    """Return the inputs as the arguments of a call, by Python's rules. Raises PlanError.

    `signature` is None where it is not known: then names mean nothing. `by_order`: where no name is one of a parameter,
    the inputs are taken in their order, as earlier versions did.
    """
    inputs = tuple(inputs)
    if signature is None:
        return Call(tuple(each.value for each in inputs))
    parameters = signature.parameters
    takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    names = [each.name for each in inputs if each.name]
    if by_order and names and not takes_any and not set(names) & set(parameters):
        call = bind([Input("", each.value) for each in inputs], signature, callable_name)
        called = (
            f"{', '.join(names)} {'is no parameter' if len(names) == 1 else 'are no parameters'} of {callable_name}"
        )
        return Call(call.positional, call.named, f"{called}: the inputs were taken in their order")
    unnamed, named = _split(inputs)
    in_order = [each.name for each in parameters.values() if each.kind in POSITIONAL]
    is_open = any(each.kind is each.VAR_POSITIONAL for each in parameters.values())
    if len(unnamed) > len(in_order) and not is_open:
        can_be_named = [each.name for each in parameters.values() if each.kind is each.KEYWORD_ONLY]
        rest = f"; {', '.join(can_be_named)} only by name" if can_be_named else ""
        takes = f"{', '.join(in_order) or 'none'}{rest}"
        have = f"{len(unnamed)} {'has' if len(unnamed) == 1 else 'have'} no name"
        raise PlanError(f"inputs: {have}, but {callable_name} takes by position: {takes}")
    for name in named:
        if name in in_order[: len(unnamed)]:
            raise PlanError(f"inputs: {name} of {callable_name} is given by position and by name")
        if (name not in parameters or parameters[name].kind in VARIADIC) and not takes_any:
            raise PlanError(_unknown(name, signature, callable_name))
    positional = list(unnamed)
    for name in in_order[len(unnamed) :]:
        if name not in named:
            break
        positional.append(named.pop(name))
    left_out = [
        each.name
        for number, each in enumerate(parameters.values())
        if each.default is each.empty and each.kind not in VARIADIC and each.name not in named
        if each.name not in in_order[: len(positional)]
    ]
    if left_out:
        example = ", ".join(f"{name}=float32[batch=32,64]" for name in left_out)
        raise PlanError(f"inputs: {callable_name} needs {', '.join(left_out)} too, such as '{example}'")
    return Call(tuple(positional), tuple(named.items()))


def _split(inputs: Iterable[Input]) -> tuple[list[Any], dict[str, Any]]:
    """Return the inputs without names, which come first, and those with names. Raises PlanError."""
    unnamed: list[Any] = []
    named: dict[str, Any] = {}
    for each in inputs:
        if each.name in named:
            raise PlanError(f"inputs: {each.name} is given twice")
        if each.name:
            named[each.name] = each.value
        elif named:
            raise PlanError(f"inputs: one without a name follows {[*named][-1]}=: those without names come first")
        else:
            unnamed.append(each.value)
    return unnamed, named


def _unknown(name: str, signature: inspect.Signature, callable_name: str) -> str:
    """Return what to say of a name that no parameter has."""
    known = [each.name for each in signature.parameters.values() if each.kind not in VARIADIC]
    if any(each.kind is each.VAR_POSITIONAL for each in signature.parameters.values()) and not known:
        return f"inputs: {callable_name} takes arguments by position alone: leave out {name}="
    near = nearest(name, known)
    question = f"{did_you_mean(near)} It" if near else "it"
    return f"inputs: {callable_name} has no parameter {name!r}: {question} takes {', '.join(known) or 'none'}"
