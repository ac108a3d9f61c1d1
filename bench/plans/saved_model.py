"""Read from a SavedModel's file which signatures it has, without TensorFlow.

`saved_model.pb` is a protocol buffer: fields of a number, a kind and a value. Only these are looked at:

    SavedModel.meta_graphs = 2, MetaGraphDef.signature_def = 5 (a map: key = 1), MetaGraphDef.object_graph_def = 7,
    SavedObjectGraph.nodes = 1 (the first is what was saved), SavedObject.children = 1, ObjectReference.local_name = 2
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5

INTERNAL = "__saved_model"
"""Signatures that TensorFlow adds for itself begin so."""


@dataclass(frozen=True)
class SavedModel:
    """The signatures of a SavedModel, by name, and the names of the attributes of what was saved."""

    signatures: tuple[str, ...]
    attributes: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> SavedModel | None:
        """Return what a file `saved_model.pb` tells; None if it cannot be read."""
        signatures: set[str] = set()
        attributes: list[str] = []
        try:
            with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
                for graph in _messages(data, (0, len(data)), 2):
                    signatures.update(name for entry in _messages(data, graph, 5) for name in _texts(data, entry, 1))
                    for objects in _messages(data, graph, 7):
                        root = next(_messages(data, objects, 1), (0, 0))
                        attributes += [name for child in _messages(data, root, 1) for name in _texts(data, child, 2)]
        except (OSError, ValueError, IndexError):
            return None
        return cls(tuple(sorted(name for name in signatures if not name.startswith(INTERNAL))), tuple(attributes))


Span = tuple[int, int]
"""Where a value begins, and where it ends."""


def _messages(data: mmap, within: Span, number: int) -> Iterator[Span]:
    """Yield where the values of a field lie that are texts or messages. Raises IndexError, ValueError."""
    at, end = within
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        size = {FIXED_64: 8, FIXED_32: 4}.get(kind, 0)
        if kind == VARINT:
            _, at = _varint(data, at)
        elif kind == BYTES:
            size, at = _varint(data, at)
        elif not size:
            raise ValueError(f"a protocol buffer has no field of kind {kind}")
        if at + size > end:
            raise ValueError("the file is shorter than it says")
        if kind == BYTES and key >> 3 == number:
            yield at, at + size
        at += size


def _texts(data: mmap, within: Span, number: int) -> Iterator[str]:
    for begin, end in _messages(data, within, number):
        yield data[begin:end].decode()


def _varint(data: mmap, at: int) -> tuple[int, int]:
    """Return a number of as many bytes as it needs, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
