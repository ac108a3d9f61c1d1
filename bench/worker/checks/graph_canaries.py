"""What a traced graph need not compute in each call, though eager does: how a benchmark deceives itself.

TensorFlow and XLA leave out results that nothing uses, compute once what depends on no input, compute equal
subexpressions once, and cancel operations that undo each other. Where that is much of the work, the modes do not time
the same thing. Only the graph is looked at, in time proportional to its size; nothing is run. Whatever TensorFlow and
Keras write has a little of each, so a finding is told where it is a substantial share of the work.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from .graph_work import BODIES, DISPATCH, SHAPE_ELEMENTS, bodies_of, elements, turns_of, work_of

SUBSTANTIAL = 1 / 3
"""The share of a graph's work from which a finding is told. (The most that Keras's models have is 0.14.)"""

UNUSED, CONSTANT, DUPLICATED = "unused", "constant", "duplicated"
"""Findings; where operations cancel, the finding is their type."""

SENTENCES = {
    UNUSED: (
        "are not computed, since nothing uses their results",
        "is not computed, since nothing uses its result",
    ),
    CONSTANT: (
        "depend on no argument and no variable, so they are computed once and not in each call",
        "depends on no argument and no variable, so it is computed once and not in each call",
    ),
    DUPLICATED: (
        "compute the same as another, and are not computed again",
        "computes the same as another, and is not computed again",
    ),
}
"""What is said of several operations, and of one."""

INVOLUTIONS = {
    "Transpose": "transpose",
    "Neg": "negation",
    "Reciprocal": "reciprocal",
    "Conj": "conjugate",
    "Invert": "inversion",
    "LogicalNot": "negation",
}
"""Operations that can undo themselves, in words."""

STATIC = frozenset(["Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike"])
"""Operations that need no more than their inputs' shapes."""

FORWARDS = frozenset(["Identity", "StopGradient"])
"""Operations that return what they are given."""

COMMUTATIVE = frozenset(["Add", "AddV2", "Mul", "Maximum", "Minimum"])

CALLS = frozenset(["PartitionedCall", "StatefulPartitionedCall"])
"""A `tf.function` that the measured function calls: eager runs the same graph."""

WRITTEN_BY_TENSORFLOW = ("/gradient_tape/", "/loop_body/")
"""Scopes in which TensorFlow writes more than it needs: gradients, and what a vectorised map is made from."""

FROZEN = "the output is a constant in the graph, so nothing of it is computed in a call"

LARGEST_COMPARED = 1 << 20
"""Elements up to which constants are compared by value."""


def suspicions_of_graph(concrete: Any) -> tuple[str, ...]:
    """What the graph of a ConcreteFunction does not compute in each call though eager does, in words."""
    graph = _Graph(concrete.graph)
    counts: Counter[str] = Counter()
    work: defaultdict[str, float] = defaultdict(float)
    for finding, amount in graph.judge():
        counts[finding] += 1
        work[finding] += amount
    total, least = counts.total(), SUBSTANTIAL * sum(work.values())
    if graph.is_constant:
        computed = "the output depends on no argument and no variable, so it is computed once and not in each call"
        return (computed if counts[CONSTANT] else FROZEN,)
    # A table or a window that is made in the call costs eager little more than being started, as any operation does.
    work[CONSTANT] -= DISPATCH * counts[CONSTANT]
    return (
        *graph.describe_frozen(),
        *(
            _sentence(finding, counts[finding], total)
            for finding in (UNUSED, CONSTANT, DUPLICATED, *INVOLUTIONS)
            if counts[finding] and least <= work[finding] < math.inf
        ),
    )


def _sentence(finding: str, count: int, total: int) -> str:
    if finding in INVOLUTIONS:
        return f"a {INVOLUTIONS[finding]} undoes the one before it, so neither is computed"
    rest, rest_of_one = SENTENCES[finding]
    return f"{count} of {total} operations {rest_of_one if count == 1 else rest}"


class _Graph:
    """One graph, and which of its operations are not computed in each call."""

    def __init__(self, graph: Any) -> None:
        self._operations: list[Any] = graph.get_operations()
        self._outputs = [output.op for output in graph.outputs]
        self._effects = graph.control_outputs
        self._needed = _needed([*self._outputs, *self._effects])
        self._constant = _constant(self._operations)
        self._duplicated = _duplicated([operation for operation in self._operations if operation in self._needed])
        self._undone = _undone(self._operations)

    @property
    def is_constant(self) -> bool:
        """Whether every output is the same in each call, and there are no effects."""
        return not self._effects and all(output in self._constant for output in self._outputs)

    def describe_frozen(self) -> Iterator[str]:
        """Yield a sentence where some outputs are constants though others are not."""
        large = [number for number, output in enumerate(self._outputs, start=1) if _is_large_constant(output)]
        if 0 < len(large) < len(self._outputs):
            of, s = f"of {len(self._outputs)} outputs", "s" if len(large) > 1 else ""
            are = f"constant{s} in the graph, so nothing of it is computed in a call"
            yield f"{of}, number{s} {', '.join(map(str, large))} {'are' if s else 'is a'} {are}"

    def judge(self, turns: int = 1) -> Iterator[tuple[str, float]]:
        """The finding (empty: none) and the work of each operation, those in loops and branches too."""
        for operation in self._operations:
            inside = self._inside(operation)
            if inside:
                for body in inside:
                    yield from _Graph(body).judge(turns * turns_of(operation))
            elif work := turns * work_of(operation):
                yield self._finding(operation), work

    def _inside(self, operation: Any) -> list[Any] | None:
        """The graphs of a loop or branch, if it is needed: they are judged in its place."""
        if operation.type not in BODIES or operation.type in CALLS or operation not in self._needed:
            return None
        return bodies_of(operation)

    def _finding(self, operation: Any) -> str:
        if any(scope in f"/{operation.name}" for scope in WRITTEN_BY_TENSORFLOW):
            return ""
        if operation not in self._needed:
            return UNUSED
        if operation in self._constant:
            return CONSTANT
        if operation in self._duplicated:
            return DUPLICATED
        return str(operation.type) if operation in self._undone else ""


def _is_large_constant(operation: Any) -> bool:
    """Return whether an output holds more values than a shape, not all alike as zeros to begin with are."""
    import tensorflow as tf

    while operation.type in FORWARDS:
        operation = operation.inputs[0].op
    if operation.type != "Const" or elements(operation.outputs[0]) <= SHAPE_ELEMENTS:
        return False
    value = tf.get_static_value(operation.outputs[0])
    return value is None or not bool((value == value.ravel()[0]).all())


def _needed(roots: Sequence[Any]) -> set[Any]:
    """The operations whose results reach an output, or that run for their effects."""
    needed: set[Any] = set()
    waiting = list(roots)
    while waiting:
        operation = waiting.pop()
        if operation not in needed:
            needed.add(operation)
            waiting.extend(tensor.op for tensor in operation.inputs)
            waiting.extend(operation.control_inputs)
    return needed


def _constant(operations: Sequence[Any]) -> set[Any]:
    """The operations that give the same in each call, since nothing but constants goes into them.

    Tensors that a function closes over are inputs of its graph, as variables are; numpy arrays are constants.
    """
    constant: set[Any] = set()
    for operation in operations:
        inputs = operation.inputs
        if operation.type in STATIC:
            same = all(tensor.shape.is_fully_defined() for tensor in inputs)
        elif inputs:
            same = all(tensor.op in constant for tensor in inputs) and _is_pure(operation)
        else:
            same = operation.type == "Const"
        if same:
            constant.add(operation)
    return constant


_pure: dict[str, bool] = {}


def _is_pure(operation: Any) -> bool:
    """Whether the operation's results depend on its inputs alone, and are all that it leaves behind."""
    kind = operation.type
    if kind not in _pure:
        _pure[kind] = kind not in BODIES and not operation.op_def.is_stateful
    return _pure[kind]


def _duplicated(operations: Sequence[Any]) -> set[Any]:
    """The operations that compute what one before them has computed."""
    duplicated: set[Any] = set()
    same_as: dict[Any, Any] = {}
    forwarded: dict[Any, Hashable] = {}
    first: dict[Hashable, Any] = {}
    alike: dict[Hashable, Any] = {}

    def value(tensor: Any) -> Hashable:
        operation = tensor.op
        return forwarded.get(operation) or (same_as.get(operation, operation), tensor.value_index)

    for operation in operations:
        if operation.type == "Placeholder" or not _is_pure(operation):
            continue  # each is something of its own
        inputs = tuple(value(tensor) for tensor in operation.inputs)
        if operation.type in FORWARDS:
            forwarded[operation] = inputs[0]
            continue
        key = (
            operation.type,
            frozenset(inputs) if operation.type in COMMUTATIVE else inputs,
            frozenset(operation.control_inputs),
        )
        earlier = first.setdefault(key, operation)
        if earlier is operation:
            continue
        # Attributes are slow to read: they are where all else is the same.
        if earlier is not None:
            alike[key, _attributes(earlier)] = earlier
            first[key] = None
        same_as[operation] = alike.setdefault((key, _attributes(operation)), operation)
        if same_as[operation] is not operation:
            duplicated.add(operation)
    return duplicated


def _attributes(operation: Any) -> Hashable:
    """What tells operations of one type and the same inputs apart."""
    if operation.type == "Const" and elements(operation.outputs[0]) > LARGEST_COMPARED:
        return str(operation.name)
    attributes = operation.node_def.attr.items()
    told = sorted((name, value.SerializeToString()) for name, value in attributes if not name.startswith("_"))
    return str(operation.device), tuple(told)


def _undone(operations: Sequence[Any]) -> set[Any]:
    """The operations that undo the one before them, with that one where nothing else uses it."""
    undone: set[Any] = set()
    for operation in operations:
        if operation.type not in INVOLUTIONS:
            continue
        before = operation.inputs[0].op
        while before.type in FORWARDS:
            before = before.inputs[0].op
        if before.type == operation.type and before not in undone and _cancel(before, operation):
            undone.add(operation)
            if len(before.outputs[0].consumers()) == 1:
                undone.add(before)
    return undone


def _cancel(before: Any, after: Any) -> bool:
    """Whether two operations of one type leave what they are given as it was."""
    if before.type != "Transpose":
        return True
    import tensorflow as tf

    first, second = (tf.get_static_value(transpose.inputs[1]) for transpose in (before, after))
    return first is not None and second is not None and [first[axis] for axis in second] == list(range(len(second)))
