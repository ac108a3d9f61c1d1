"""Keys from a terminal that may send anything."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._parser import Parser
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import AppBlur, AppFocus, Key, MouseDown, Paste, Resize
from textual.message import Message

from tui.terminal.driver import FLOOD, TYPED, Keyboard, TerminalDriver


def typed(*data: bytes, pauses: int = 0) -> list[Message]:
    keyboard = Keyboard()
    messages = [message for part in data for message in keyboard.feed(part)]
    return messages + [message for _ in range(pauses) for message in keyboard.pause()]


def keys(*data: bytes, pauses: int = 0) -> list[str]:
    return [message.key for message in typed(*data, pauses=pauses) if isinstance(message, Key)]


def test_the_private_interfaces_are_as_they_are_used() -> None:
    assert issubclass(XTermParser, Parser)
    assert list(inspect.signature(Parser.__init__).parameters) == ["self"]
    assert {"terminal_size", "terminal_pixel_size", "mouse_pixels", "last_x"} <= vars(XTermParser()).keys()
    assert "self.run_input_thread()" in inspect.getsource(LinuxDriver._run_input_thread)
    assert "target=self._run_input_thread" in inspect.getsource(LinuxDriver.start_application_mode)
    assert TerminalDriver.run_input_thread is not LinuxDriver.run_input_thread


@pytest.mark.parametrize("sequence", ANSI_SEQUENCES_KEYS, ids=repr)
def test_every_key_that_textual_knows_is_the_key_that_textual_reads(sequence: str) -> None:
    parser = XTermParser()
    theirs = [*parser.feed(sequence), *parser.feed("")]
    expected = [(key.key, key.character) for key in theirs if isinstance(key, Key)]
    ours = [(key.key, key.character) for key in typed(sequence.encode(), pauses=1) if isinstance(key, Key)]
    assert ours == expected


def test_what_is_not_utf_8_is_shown_as_such_and_the_next_key_is_heard() -> None:
    assert [key.character for key in typed(b"\xe4j") if isinstance(key, Key)] == ["\ufffd", "j"]
    assert [key.character for key in typed(b"\xe4", pauses=1) if isinstance(key, Key)] == ["\ufffd"]
    assert [key.character for key in typed(b"\xc3", b"\xa4j") if isinstance(key, Key)] == ["ä", "j"]


@pytest.mark.parametrize(
    "unknown",
    [
        b"\x1b[97;1:3u",
        b"\x1b[1114112u",
        b"\x1b[97;1;1114112u",
        b"\x1b[99999999999999999999u",
        b"\x1b[<0;9999999999;0M",
        b"\x1b[?1;2c",
        b"\x1b[>41;388;0c",
        b"\x1b[5;9999999999999999Z\x1b[1;2;3;4;5;6x",
        b"\x1b]52;c;cXVpdA==\x07",
        b"\x1bP1$r0m\x1b\\",
    ],
)
def test_what_nobody_knows_is_no_key(unknown: bytes) -> None:
    assert keys(unknown + b"j") == ["j"]
    assert keys(unknown, b"j") == ["j"]


def test_extended_keys_are_pressed_once_whatever_a_terminal_tells_of_them() -> None:
    assert keys(b"\x1b[97;1:1u\x1b[97;1:3u") == ["a"]
    assert keys(b"\x1b[97:65;5:1u\x1b[97:65;5:3u") == ["ctrl+a"]
    assert keys(b"\x1b[1;1:1A\x1b[1;1:3A") == ["up"]


def test_escape_alone_and_with_a_key_are_keys() -> None:
    assert keys(b"\x1b", pauses=1) == ["escape"]
    assert keys(b"\x1ba") == ["alt+a"]
    assert keys(b"\x1b\x1b[A") == ["escape", "up"]
    assert keys(b"\x1bO", pauses=5) == ["alt+shift+o"]


def test_a_paste_is_one_message_of_what_can_be_read_of_it() -> None:
    (paste,) = typed(b"\x1b[200~o\xffne\x1b[2J\x00q\x1b[201~")
    assert isinstance(paste, Paste)
    assert paste.text == "o\ufffdne[2Jq"


def test_reports_are_still_heard() -> None:
    kinds = [type(message) for message in typed(b"\x1b[I\x1b[O\x1b[<0;5;5M\x1b[48;24;80;480;1600t\x1b[<0;5;5M")]
    assert kinds == [AppFocus, AppBlur, MouseDown, Resize, MouseDown]


def test_a_window_of_no_pixels_breaks_no_mouse() -> None:
    assert keys(b"\x1b[48;24;80;0;0t\x1b[<0;5;5M\x1b[48;0;0;9;9t\x1b[<0;5;5Mj") == ["j"]


@pytest.mark.parametrize("seed", range(200))
def test_after_any_bytes_the_next_key_is_heard(seed: int) -> None:
    chance = random.Random(seed)
    parts = (b"\x1b[", b"\x1b]", b"\x1b", b";", b":", b"u", b"M", b"\x1b[200~")
    keyboard = Keyboard()
    for _ in range(50):
        list(keyboard.feed(chance.choice(parts) + chance.randbytes(chance.randrange(9))))
    for _ in range(60):
        list(keyboard.pause())
    assert [message.key for message in keyboard.feed(b"j") if isinstance(message, Key)] == ["j"]


class Busy(App[None]):
    """An application that handles nothing until it is told to: what is called later waits."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], Any]] = []

    def call_later(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        self.waiting.append(partial(callback, *args))
        return True


class Reading(TerminalDriver):
    """A driver that keeps the messages it passes on."""

    def __init__(self, app: Busy) -> None:
        super().__init__(app)
        self.passed_on: list[Message] = []

    def process_message(self, message: Message) -> None:
        self.passed_on.append(message)

    def read(self, data: bytes) -> list[str]:
        """Return the keys that are passed on of one read."""
        self.passed_on.clear()
        self._pass_on([*Keyboard().feed(data)])
        return [message.key for message in self.passed_on if isinstance(message, Key)]


TOO_MUCH = b"x" * (FLOOD + 1)


async def test_of_a_second_flood_the_keys_after_it_are_heard() -> None:
    app = Busy()
    driver = Reading(app)
    assert driver.read(TOO_MUCH + b"\x0c") == [*"x" * (FLOOD + 1), "ctrl+l"]
    assert driver.read(TOO_MUCH + b"\x1b[201~\x0c") == [*"x" * (TYPED - 1), "ctrl+l"]
    assert driver.read(b"j") == ["j"]
    for callback in app.waiting:
        callback()
    assert len(driver.read(TOO_MUCH)) == FLOOD + 1


async def test_of_a_second_flood_everything_but_keys_and_the_mouse_is_heard() -> None:
    driver = Reading(Busy())
    driver.read(TOO_MUCH)
    driver.read(b"\x1b[200~pasted\x1b[201~\x1b[O" + TOO_MUCH)
    assert [type(message) for message in driver.passed_on[:2]] == [Paste, AppBlur]


async def test_a_failure_while_keys_are_read_is_handed_to_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: TerminalDriver) -> None:
        raise ValueError("a bug beside the screen")

    monkeypatch.setattr(TerminalDriver, "_read_keys", fail)
    app = Busy()
    Reading(app).run_input_thread()
    (callback,) = app.waiting
    assert isinstance(callback, partial)
    assert (callback.func, *map(str, callback.args)) == (app._handle_exception, "a bug beside the screen")
