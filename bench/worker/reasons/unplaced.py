"""Say which operation has no kernel for a device, where TensorFlow may not put it on another."""

from __future__ import annotations

import re

NAME = r"[^'\s]*device:(?P<kind>\w+):(?P<index>[\d*]+)"

REFUSED = re.compile(
    rf"Could not satisfy device specification '{NAME}'\. enable_soft_placement=0\. "
    r"Supported device types \[(?P<supported>[^\]]*)\]\. All available devices \[(?P<present>[^\]]*)\]"
)
"""An eager operation, where soft placement is off."""

OP = re.compile(r"\[Op:(?P<op>\w+)\]")

COLOCATED = re.compile(
    r"Cannot assign a device for operation (?P<op>\S+?): "
    rf"(?:Could not satisfy explicit device specification '{NAME}'|[^\n]*)"
)
"""An operation of a graph, or an eager one that has to be where its resource is."""

MEMBER = re.compile(r"^(?P<op>\w+): (?P<supported>[A-Z_ ]+)$", re.MULTILINE)
"""Types of operations of a colocation group, and the kinds of devices that they have kernels for."""

NOT_REGISTERED = re.compile(
    r"No registered '(?P<op>\w+)' OpKernel for '?(?P<kind>GPU)'? devices"
    r"(?:[^\n]*\s+\(OpKernel was found, but attributes didn't match\)[^\n]*?\bT=DT_(?P<dtype>\w+))?"
)
"""A kernel that is missing, or is there for other dtypes. Of a CPU's the whole message is told."""

ELSEWHERE = re.compile(
    r"Trying to access resource (?P<name>[^\n]*?) (?:\(defined @ [^\n]*?\) )?located in device "
    r"\S*device:(?P<holds>\w+:\d+) from device \S*device:(?P<computes>\w+:\d+)"
)

LONGEST_READ = 100_000


def unplaced(text: str, device: str = "") -> str:
    """Return what a device lacks: `AsString has no kernel for GPU:0`; empty if the message is another one.

    `device`: the user's name of the case's device, which a process may call by another number.
    """
    text = text[:LONGEST_READ]
    if match := REFUSED.search(text):
        op = OP.search(text)
        if not op or match["kind"] in match["supported"].split(", ") or _absent(match):
            return ""
        return _lacks(op["op"], match["kind"], match["index"], device)
    if match := COLOCATED.search(text):
        return _colocated(match, text, device)
    if match := NOT_REGISTERED.search(text):
        return _lacks(match["op"], match["kind"], "0", device, (match["dtype"] or "").lower())
    if match := ELSEWHERE.search(text):
        kind, _, index = match["computes"].partition(":")
        computes = _named(kind, index, device)
        return f"XLA on {computes} cannot use what lies on {match['holds']}, such as a variable or a lookup table"
    return ""


def _absent(match: re.Match[str]) -> bool:
    """Tell whether the device itself is not there."""
    return f"device:{match['kind']}:{match['index']}" not in match["present"]


def _colocated(match: re.Match[str], text: str, device: str) -> str:
    """Return which of a group of operations, that belong together, has no kernel for their device."""
    if match["kind"] is None:
        return ""
    members = {each["op"]: each["supported"].split() for each in MEMBER.finditer(text)}
    lacking = [op for op, kinds in members.items() if match["kind"] not in kinds]
    if not lacking and "no supported kernel for" not in text:
        return ""
    return _lacks(" and ".join(lacking or [match["op"]]), match["kind"], match["index"], device)


def _lacks(ops: str, kind: str, index: str, device: str, dtype: str = "") -> str:
    has, kernel = "have" if " and " in ops else "has", f"{dtype} kernel".strip()
    return f"{ops} {has} no {kernel} for {_named(kind, index, device)}"


def _named(kind: str, index: str, device: str) -> str:
    """Return the user's name of a device, which is the only one of its kind that a process sees."""
    return device if device.partition(":")[0] == kind else f"{kind}:{'0' if index == '*' else index}"
