"""Join the exports of several sessions into one file. The session's id tells their rows apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .earlier_export import marked, unmarked
from .markdown_export import escaped

Part = tuple[str, str]
"""A session's id and its export."""


def _csv(parts: Sequence[Part]) -> str:
    return parts[0][1] + "".join(text.partition("\r\n")[2] for _, text in parts[1:])


def _json(parts: Sequence[Part]) -> str:
    cases = [text.removeprefix("[\n").removesuffix("\n]\n") for _, text in parts if text != "[]\n"]
    return "[\n" + ",\n".join(cases) + "\n]\n" if cases else "[]\n"


def _markdown(parts: Sequence[Part]) -> str:
    bodies = [(session_id, unmarked(text).rstrip()) for session_id, text in parts]
    return marked("\n\n".join(f"## {escaped(session_id)}\n\n{body}" for session_id, body in bodies) + "\n")


JOINED: Mapping[str, Callable[[Sequence[Part]], str]] = {"csv": _csv, "json": _json, "md": _markdown}
"""The function that joins exports, by kind of file. HTML has none: a page shows one session."""
