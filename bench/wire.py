"""Lines into events, checked against their types: whatever comes from a pipe or a file is not trusted."""

from __future__ import annotations

import msgspec

from .events import EVENTS, Event


class WireError(ValueError):
    """A line that is not an event, said in one line."""


def read_line(line: str | bytes) -> Event | None:
    """The event in a line; None where its kind is unknown, as a newer version may write. Raises WireError."""
    try:
        fields = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from None
    if not isinstance(fields, dict) or not isinstance(kind := fields.pop("kind", None), str):
        raise WireError("not an event: it has no kind")
    event_type = EVENTS.get(kind)
    if event_type is None:
        return None
    try:
        return msgspec.convert(fields, event_type)
    except (msgspec.ValidationError, ValueError) as error:
        raise WireError(f"{kind}: {error}") from None
