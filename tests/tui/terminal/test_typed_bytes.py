"""A terminal may send anything, on any screen: nothing of it ends the application, and the next key is heard.

Left out of random bytes: what quits (`q`, `Q`, Ctrl-C, Ctrl-Q), Ctrl-Z, after which the shell's own keys hold, `?`
where it is a bug, `/` and `~`, which would have files written elsewhere. The palette can still quit: then it is exit 0,
no crash is kept, and the screen is opened anew.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.files.atomic_write import write_text
from tests.paths import RECORDINGS
from tests.terminal import MEASURING, EndedError, Terminal
from tui.terminal.key_sequences import PASTE_ENDS

TOUR = RECORDINGS / "tour.jsonl"
REPLAY = ("replay", str(TOUR), "--speed", "inf")

READY = "recording · ready"

SETUP_COLUMNS = 30

A_FRAME = 1000
"""More bytes than a change here and there takes."""

SCREENS = {
    "recording": "",
    "details": "d",
    "help": "?",
    "export": "e",
    "sessions": "b",
    "comparison": "c",
    "palette": ":",
    "filter": "f",
    "earlier session": "b\r",
    "compared sessions": "b \x1b[B c",
    "measuring": "",
    "picker": "/",
    "sweep": "s",
    "modes": "x",
    "open": "o",
    "runtime": ",",
    "plan": "w",
    "quitting": "q",
}
"""Each screen, and the key that opens it: down to the filter on a recording, then while it measures."""

ON_A_RECORDING = [*SCREENS][:10]

QUITTING = b"qQ\x03\x11\x1a/~?"

FRAGMENTS = (
    b"\x1b",
    b"\x1b[",
    b"\x1b]",
    b"\x1bP",
    b"\x1bO",
    b"\x1b[<0;",
    b"\x1b[48;",
    b"\x1b[?2048;2$",
    b"\x1b[M",
    b";",
    b":",
)
ENDS = (b"", b"u", b"~", b"M", b"m", b"R", b"t", b"y", b"A", b"\x07", b"\x1b\\", b"\x1b[200~", b"\x1b[201~", b"\xe4")


def random_bytes(chance: random.Random) -> bytes:
    """Half of them pure noise, half what looks like sequences."""
    if chance.random() < 0.5:
        noise = chance.randbytes(chance.randrange(1, 64))
    else:
        numbers = (b"%d" % chance.choice((0, 1, 3, 97, 65536, 1114112, 10**12)) for _ in range(chance.randrange(5)))
        noise = chance.choice(FRAGMENTS) + chance.choice(b";:,").to_bytes(1, "big").join(numbers) + chance.choice(ENDS)
    return noise.translate(None, QUITTING)


def session_file(home: Path, name: str) -> Path:
    folder = home / "state/sessions"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.jsonl"


def opened(screen: str, home: Path) -> Terminal:
    if screen in ON_A_RECORDING:
        for name in ("one", "two"):
            write_text(TOUR.read_text(encoding="utf-8"), session_file(home, name), overwrite=True)
        terminal = Terminal(*REPLAY, home=home)
        terminal.shows(READY)
    else:
        terminal = Terminal(home=home, program=MEASURING)
        terminal.shows("round ")
    return terminal


def catch_up(terminal: Terminal) -> None:
    """End a paste that is still open, have all drawn anew, and wait for that."""
    before = terminal.bytes_written
    terminal.type(f"{PASTE_ENDS}\x0c")
    terminal.until(lambda: terminal.bytes_written > before + A_FRAME, "all to be drawn anew")


def type_at_random(screen: str, home: Path, strings: int) -> None:
    chance = random.Random(screen)
    left = strings
    while left:
        with opened(screen, home) as terminal:
            try:
                while left:
                    terminal.type(SCREENS[screen])
                    for _ in range(min(left, 20)):
                        left -= 1
                        terminal.type_bytes(random_bytes(chance))
                    catch_up(terminal)
                    terminal.type("\x1b")
                    catch_up(terminal)
                terminal.resize(100, 30)
                catch_up(terminal)
            except OSError:  # its end of the terminal is closed
                assert terminal.exit_status() == 0
            except EndedError:  # also by what was typed last: it may answer whether to quit
                assert terminal.exit_status() == 0, terminal.text
            assert [*home.glob("state/crash-*")] == []
            assert b"Traceback" not in terminal.written


@pytest.mark.slow
@pytest.mark.parametrize("screen", ["measuring", "recording", "export", "picker"])
def test_forty_random_strings_end_nothing(screen: str, tmp_path: Path) -> None:
    type_at_random(screen, tmp_path, 40)


@pytest.mark.slow
@pytest.mark.parametrize("screen", SCREENS)
def test_six_hundred_random_strings_end_nothing_on_any_screen(screen: str, tmp_path: Path) -> None:
    type_at_random(screen, tmp_path, 600)


UNKNOWN = (
    b"\x1a",  # Ctrl-Z, where there is no shell to go back to
    b"\xe4",
    b"\x1b[97;1:3u",
    b"\x1b[1114112u",
    b"\x1b]11;rgb:ffff/rrrr/]]]]\x07",
    b"\x1b[48;9999;9999;0;0t",
    b"\x1b[?1;2c",
)


def setup_shown(terminal: Terminal) -> list[str]:
    """The fields of the setup, without the figures beside them."""
    return [line[:SETUP_COLUMNS] for line in terminal.lines[2:9]]


def test_what_it_cannot_read_ends_nothing_and_presses_nothing(tmp_path: Path) -> None:
    with opened("measuring", tmp_path) as terminal:
        before = setup_shown(terminal)
        for unknown in UNKNOWN:
            terminal.type_bytes(unknown)
            catch_up(terminal)
            assert setup_shown(terminal) == before, unknown
        terminal.type("]")
        terminal.shows(" 2048 ")
        assert terminal.quit() == 0


@pytest.mark.slow
def test_a_letter_of_another_encoding_is_one_that_is_missing_and_a_paste_of_bytes_presses_no_key(
    tmp_path: Path,
) -> None:
    with opened("recording", tmp_path) as terminal:
        terminal.type("f")
        terminal.shows("words that rows must have")
        terminal.type_bytes("lä".encode("latin-1"))
        terminal.shows("l\ufffd")
        terminal.type_bytes(b"\x1b[200~ls\xfft\x1bq\x03m\x1b[201~")
        terminal.shows("l\ufffdls\ufffdtqm")


@pytest.mark.slow
def test_a_key_is_heard_soon_after_a_hundred_kilobytes_of_noise(tmp_path: Path) -> None:
    noise = random.Random(0).randbytes(110_000).translate(None, QUITTING + b"\r\n\x1b:\x10")
    with opened("recording", tmp_path) as terminal:
        terminal.type_bytes(noise[:100_000])
        catch_up(terminal)
        terminal.type("\x1b")
        catch_up(terminal)
        terminal.type("\x1b")
        terminal.shows(READY)
