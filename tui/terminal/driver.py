"""Read keys as Textual does, from a terminal that may send anything.

Textual 8.2 ends its input thread, and the application with exit 0, over one byte that is not UTF-8 and over a key
sequence that it cannot read; what it does not know it types. `tests/tui/terminal/test_private_interfaces.py` lists the
private interfaces that this takes.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from threading import Event
from typing import Any

from textual._parser import Parser
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, MouseEvent, Paste, Resize
from textual.geometry import Size
from textual.message import Message

from .key_sequences import Pasted, Pressed, Splitter

READ_BYTES = 1 << 12

FLOOD = 256
"""More messages at once than anybody types. While one such flood is being handled, another is dropped."""

TYPED = 16
"""The last messages of a flood that is dropped are kept: a person may have typed them after it."""

WIDEST, HIGHEST = 2000, 1000
"""The largest window size that is believed: drawing more would take gigabytes."""


class Keyboard:
    """Turns a terminal's bytes into messages. It never raises: what it cannot read it leaves out."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._splitter = Splitter()
        self._parser = XTermParser()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield what was pressed, moved, pasted or reported with `data`."""
        return self._messages(self._splitter.feed(self._decode(data)))

    def pause(self) -> Iterator[Message]:
        """Yield what nothing can continue any more, since no input has arrived for a moment."""
        if half_a_character := self._decode(b"", final=True):
            return self._messages(self._splitter.feed(half_a_character))
        return self._messages(self._splitter.pause())

    def _messages(self, pieces: Iterable[Pressed | Pasted]) -> Iterator[Message]:
        for piece in pieces:
            if isinstance(piece, Pasted):
                yield Paste(piece.text)
            elif piece.text.startswith("\x1b"):
                yield from self._parsed(piece.text, is_whole=piece.is_whole)
            else:
                for character in piece.text:
                    yield from self._parsed(character, is_whole=False)

    def _parsed(self, sequence: str, *, is_whole: bool) -> list[Message]:
        """Return Textual's messages for a sequence. Its parser then starts anew but keeps the window's size."""
        messages: list[Message] = []
        try:
            messages.extend(self._parser.feed(sequence))
            if is_whole:
                messages.extend(self._parser.feed(""))
        except Exception:  # numbers out of range and fields of fields: of whatever kind, it is no key
            messages.clear()
        Parser.__init__(self._parser)
        return messages


class TerminalDriver(LinuxDriver):
    """Textual's driver with a `Keyboard`. An error in its thread ends the application as one in a handler does."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None):
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._flood_is_over = Event()
        self._flood_is_over.set()

    def run_input_thread(self) -> None:
        """Read the terminal until the driver is told to stop, or the terminal is gone."""
        try:
            self._read_keys()
        except Exception as error:
            self._app.call_later(self._app._handle_exception, error)

    def process_message(self, message: Message) -> None:
        """Pass a message on, a window size as the system knows it."""
        known = self.as_it_is_now(message) if isinstance(message, Resize) else message
        if known is not None:
            super().process_message(known)

    def as_it_is_now(self, resize: Resize) -> Resize | None:
        """Return the event with the window's present size; None if no window can be as large as it says.

        Textual reads the size in a signal handler, which a second signal can interrupt: then the older size comes last.
        """
        size = self._size_of_window(resize.size)
        return None if size is None else Resize(size, size, pixel_size=resize.pixel_size)

    def _size_of_window(self, reported: Size) -> Size | None:
        """Return the terminal's own size; the reported one if the system knows none; None if that cannot be."""
        with suppress(OSError):
            columns, lines = os.get_terminal_size(self.fileno)
            if columns and lines:
                return Size(columns, lines)
        return reported if 0 < reported.width <= WIDEST and 0 < reported.height <= HIGHEST else None

    def _read_keys(self) -> None:
        keyboard = Keyboard()
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(ESCAPE_DELAY):
                    self._pass_on([*keyboard.pause()])
                elif data := self._read():
                    self._pass_on([*keyboard.feed(data)])
                else:
                    return

    def _pass_on(self, messages: Sequence[Message]) -> None:
        is_flood = len(messages) > FLOOD
        if is_flood and not self._flood_is_over.is_set():
            others = [message for message in messages[:-TYPED] if not isinstance(message, Key | MouseEvent)]
            messages = [*others, *messages[-TYPED:]]
        for message in messages:
            self.process_message(message)
        if is_flood and self._flood_is_over.is_set():
            self._flood_is_over.clear()
            self._app.call_later(self._flood_is_over.set)

    def _read(self) -> bytes:
        """Return what was typed; nothing if the terminal is gone."""
        try:
            return os.read(self.fileno, READ_BYTES)
        except OSError:
            return b""
