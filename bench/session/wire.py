"""Lines into events, checked against their types: whatever comes from a pipe or a file is not trusted."""

from __future__ import annotations

from functools import cache

import msgspec

from ..events import EVENTS, Event, PlanStarted
from .limits import LONGEST_EVENT_BYTES, LimitError, check


class WireError(ValueError):
    """A line that is not an event, said in one line."""


BEGINNING = b'{"kind":"'
"""Of a line as `to_line` writes it."""


PLAN = f'{{"kind":"{PlanStarted.kind}"'.encode()


class _Kind(msgspec.Struct):
    """The kind of a line; other fields are skipped."""

    kind: str


def read_line(line: str | bytes) -> Event | None:
    """The event in a line; None where its kind is unknown, as a newer version may write. Raises WireError."""
    kind = ""
    try:
        kind = _kind_of(line)
        decoder = _decoders().get(kind)
        return decoder.decode(line) if decoder is not None else None
    except msgspec.ValidationError as error:
        raise WireError(f"{kind}: {error}" if kind else "not an event: it has no kind") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from None
    except ValueError as error:  # a number with too many digits
        raise WireError(f"{kind}: {error}") from None


def read_checked(line: bytes) -> Event | None:
    """Read an untrusted line as `read_line` does. Also raises WireError if a value is beyond its limit."""
    if len(line) > LONGEST_EVENT_BYTES and not line.startswith(PLAN):
        raise WireError(f"longer than {LONGEST_EVENT_BYTES >> 20} MiB, as no event is but a plan")
    event = read_line(line)
    if event is not None:
        try:
            check(event)
        except LimitError as error:
            raise WireError(f"{event.kind}: {error}") from None
    return event


def _kind_of(line: str | bytes) -> str:
    if isinstance(line, bytes) and line.startswith(BEGINNING):
        kind = line[len(BEGINNING) : line.find(b'"', len(BEGINNING))]
        if kind in _BY_BYTES:
            return _BY_BYTES[kind]
    return _kind_decoder.decode(line).kind


_kind_decoder = msgspec.json.Decoder(_Kind)

_BY_BYTES = {kind.encode(): kind for kind in EVENTS}


@cache
def _decoders() -> dict[str, msgspec.json.Decoder[Event]]:
    """Return by kind the decoder that reads a line straight into its event."""
    return {kind: msgspec.json.Decoder(event_type) for kind, event_type in EVENTS.items()}
