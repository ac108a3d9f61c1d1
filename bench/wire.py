"""Lines into events, checked against their types: whatever comes from a pipe or a file is not trusted."""

from __future__ import annotations

from functools import cache

import msgspec

from .events import EVENTS, Event


class WireError(ValueError):
    """A line that is not an event, said in one line."""


BEGINNING = b'{"kind":"'
"""Of a line as `to_line` writes it."""


def read_line(line: str | bytes) -> Event | None:
    """The event in a line; None where its kind is unknown, as a newer version may write. Raises WireError."""
    if isinstance(line, bytes) and line.startswith(BEGINNING):
        decoder = _decoders().get(line[len(BEGINNING) : line.find(b'"', len(BEGINNING))])
        if decoder is not None:
            try:
                return decoder.decode(line)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                pass  # what is wrong with it is told below
    return _read_any(line)


@cache
def _decoders() -> dict[bytes, msgspec.json.Decoder[Event]]:
    """By kind, what reads a line straight into its event, without a dictionary between."""
    return {kind.encode(): msgspec.json.Decoder(event_type) for kind, event_type in EVENTS.items()}


def _read_any(line: str | bytes) -> Event | None:
    """As `read_line`, whatever the line is."""
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
