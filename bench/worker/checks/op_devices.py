"""Which operations of a call ran on the CPU though the case is for another device, and why.

TensorFlow collects the graphs that it runs, split by device, an eager operation as a graph of its own. It does so as it
makes a kernel, so the caches of kernels are emptied first. What XLA compiles is collected by no graph: it runs where it
was called. The collecting is not public: where it has moved, nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ...device_names import kind_of
from .compilable import MUST_COMPILE
from .graph_work import BODIES, FREE

CONTROL = frozenset(["ControlTrigger", "Enter", "Exit", "LoopCond", "Merge", "NextIteration", "Switch"])
"""Operations that a graph's loops and branches are made of."""

HANDLES = re.compile(r"VarHandleOp|VarIsInitializedOp|Destroy\w+|Delete\w+|\w*HashTable(?:V\d)?|Anonymous\w+")
"""Operations that make, ask for or give back a handle."""

RENAMED = re.compile(r"_(?:Mkl)?(?:Native)?(?:Fused)?(?=[A-Z])")
"""Precedes the name of an operation that TensorFlow has replaced by a quicker one."""

INTERNAL = re.compile(r"_(?:Host)?(?:Arg|Retval|DeviceArg|DeviceRetval|Send|Recv|EagerConst|SwitchN?)\b")
"""Operations that carry values in, out, and from device to device."""

DATA = re.compile(r"\w*(?:Dataset|Iterator)\w*|Optional\w+")

DATASETS = "datasets of tf.data"
"""Said of all their operations together. TensorFlow runs them on the CPU on every machine."""

MOST_NAMED = 4

KERNEL = "kernel"

HOST = "host"

ANY_DEVICE = "DEFAULT"
"""The type of device of kernels that serve every device without one of its own."""

Kernels = Callable[[str], Sequence[Any]]
"""Returns TensorFlow's `KernelDef`s for a type of operation."""


@dataclass(frozen=True)
class Away:
    """Operations that ran on the CPU, by type; DATASETS stands for all of datasets and iterators.

    `lacks`: what the device has no kernel for: KERNEL (the operations at all), or a dtype; HOST if its kernel computes
    on the CPU; empty if not known.
    """

    names: tuple[str, ...]
    lacks: str = ""

    def in_words(self, device: str) -> str:
        """Return a sentence without its full stop: `AsString ran on the CPU: it has no kernel for GPU:0`."""
        told = f"{_listed(self.names)} ran on the CPU"
        if not self.lacks:
            return told
        has, its, computes = ("they have", "their kernels", "compute")
        if len(self.names) == 1:
            has, its, computes = ("it has", "its kernel", "computes")
        if self.lacks == HOST:
            return f"{told}: {its} for {device} {computes} there"
        return f"{told}: {has} no {'' if self.lacks == KERNEL else f'{self.lacks} '}kernel for {device}"


@dataclass(frozen=True)
class OpDevices:
    """Says where the operations of a call ran. `is_used`: some of them ran on the case's own device."""

    away: tuple[Away, ...]
    is_used: bool


@dataclass
class Collected:
    """Holds what a call ran: graphs split by device, and whether it called something that XLA had compiled."""

    graphs: list[Any]
    calls_compiled: bool = False


@contextmanager
def collecting(device: str) -> Iterator[Collected]:
    """Collect what is run meanwhile on a device; it is there when the context is left."""
    import tensorflow as tf
    from tensorflow.python.eager import context, execute

    collected = Collected([])
    plain = execute.execute

    def noted(op_name: Any, *arguments: Any, **named: Any) -> Any:
        name = op_name.decode() if isinstance(op_name, bytes) else op_name
        collected.calls_compiled |= _is_compiled(name, device)
        return plain(op_name, *arguments, **named)

    context.context().clear_kernel_cache()
    context.enable_graph_collection()
    tf.raw_ops.NoOp()
    context.export_run_metadata()  # what an operation that failed has left comes with the next one
    execute.execute = noted
    try:
        yield collected
        functions = context.export_run_metadata().function_graphs
        collected.graphs += [graph for function in functions for graph in function.partition_graphs]
    finally:
        execute.execute = plain
        context.disable_graph_collection()


def _is_compiled(name: str, device: str) -> bool:
    """Tell whether this is a function of which XLA compiles the whole."""
    from tensorflow.python.eager import context

    if not context.context().has_function(name):
        return False
    return kind_of(device) == "XLA_CPU" or context.context().get_function_def(name).attr[MUST_COMPILE].b


def registered_kernels(kind: str) -> Sequence[Any]:
    """Return TensorFlow's `KernelDef`s for a type of operation; none where it does not tell."""
    try:
        from tensorflow.python.framework import kernels

        return list(kernels.get_registered_kernels_for_op(kind).kernel)
    except (ImportError, AttributeError):
        return ()


def find_op_devices(collected: Collected, device: str, kernels: Kernels = registered_kernels) -> OpDevices:
    """Tell which operations ran on a CPU that is not `device`, whose name or scope's name this is."""
    home = device.rpartition("device:")[2]
    is_used = collected.calls_compiled
    lacks: dict[str, str] = {}
    for node in _nodes(collected.graphs):
        place = node.device.rpartition("device:")[2]
        if _is_bookkeeping(node.op):
            is_used |= place == home and node.op in BODIES
        elif place == home:
            on_host = _computes_on_host(node, kernels(node.op), kind_of(home))
            is_used |= not on_host
            lacks.update({_spoken(node.op): HOST} if on_host else {})
        elif kind_of(place) == "CPU":
            missing = _missing(node, kernels(RENAMED.sub("", node.op)), kind_of(home))
            if missing or not _is_integral(node):  # TensorFlow keeps small integers on the CPU on purpose
                lacks.setdefault(_spoken(node.op), missing)
    return OpDevices(tuple(_grouped(lacks)), is_used)


def _nodes(graphs: Iterable[Any]) -> Iterator[Any]:
    return (node for graph in graphs for node in graph.node)


def _grouped(lacks: Mapping[str, str]) -> Iterator[Away]:
    """Yield the operations that lack the same together, in the order in which they ran."""
    for missing in dict.fromkeys(lacks.values()):
        yield Away(tuple(name for name, each in lacks.items() if each == missing), missing)


def _is_bookkeeping(kind: str) -> bool:
    plain = RENAMED.sub("", kind)
    return (
        plain in FREE or plain in CONTROL or plain in BODIES or bool(INTERNAL.match(kind) or HANDLES.fullmatch(plain))
    )


def _spoken(kind: str) -> str:
    return DATASETS if DATA.fullmatch(kind) else RENAMED.sub("", kind)


def _missing(node: Any, kernels: Sequence[Any], kind: str) -> str:
    """Return what a kind of device lacks for a node: KERNEL, the name of a dtype, or nothing that is known."""
    import tensorflow as tf

    if not kernels or DATA.fullmatch(node.op):
        return ""
    ours = [each for each in kernels if each.device_type in (kind, ANY_DEVICE) and not each.label]
    if not ours:
        return KERNEL
    refused = [_refused(node, each) for each in ours]
    if not all(refused):
        return ""
    attribute = min(refused, key=len)[0]
    return str(tf.as_dtype(node.attr[attribute].type).name) if node.attr[attribute].type else ""


def _computes_on_host(node: Any, kernels: Sequence[Any], kind: str) -> bool:
    """Tell whether a device's kernel has all that it reads and writes in the CPU's memory, integers alone left out."""
    from tensorflow.python.framework import op_def_registry

    serving = [each for each in kernels if not each.label and not _refused(node, each)]
    ours = [each for each in serving if each.device_type == kind]
    kernel = next(iter(ours or [each for each in serving if each.device_type == ANY_DEVICE]), None)
    definition = op_def_registry.get(node.op)
    if kernel is None or definition is None or not any(each.is_floating or each.is_complex for each in _dtypes(node)):
        return False
    names = {each.name for each in (*definition.input_arg, *definition.output_arg)}
    return names <= set(kernel.host_memory_arg)


def _refused(node: Any, kernel: Any) -> list[str]:
    """Return the attributes of a node whose dtypes a kernel does not serve."""
    return [each.name for each in kernel.constraint if node.attr[each.name].type not in each.allowed_values.list.type]


def _is_integral(node: Any) -> bool:
    """Tell whether a node has dtypes, all of integers or booleans."""
    types = _dtypes(node)
    return bool(types) and all(each.is_integer or each.is_bool for each in types)


def _dtypes(node: Any) -> list[Any]:
    import tensorflow as tf

    return [tf.as_dtype(each) for value in node.attr.values() for each in (value.type, *value.list.type) if each]


def _listed(names: Sequence[str]) -> str:
    told, left = list(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if left > 0:
        told.append(f"{left} other{'s' if left > 1 else ''}")
    return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
