"""A screen in ASCII: for fonts without blocks, and for lines that carry nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.paths import RECORDINGS
from tests.terminal import Terminal
from tui.terminal.ascii_fallback import SIGNS, in_ascii, wants_ascii
from tui.widgets.drawing.bars import EIGHTHS, LEVELS, VOID, bar, sparkline


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_keeps_its_room(sign: str) -> None:
    assert in_ascii(sign).isascii()
    assert cell_len(in_ascii(sign)) == cell_len(sign)


def test_bars_and_sparklines_still_tell_what_they_told() -> None:
    assert in_ascii(bar(5, 4, 6, scale=10, width=10)) == "####--"
    assert in_ascii(bar(5, 4.99, 5.01, scale=100, width=10)) == "=|"
    assert in_ascii(sparkline([1.0, 2.0, None, 8.0], 10)) == "_.x#"
    assert len({in_ascii(level) for level in LEVELS}) == len(LEVELS)
    assert in_ascii(VOID) not in in_ascii(LEVELS + EIGHTHS)


def test_words_keep_their_meaning_and_names_from_outside_their_letters() -> None:
    assert in_ascii("24.2 ms ±0.3 · 0.42× eager · 3 µs − …") == "24.2 ms+-0.3 . 0.42x eager . 3 us - ~"
    assert in_ascii("☑eager ☐xla") == "+eager -xla"
    assert in_ascii("Grüße aus 東京") == "Grüße aus 東京"


def test_a_terminal_in_the_c_locale_is_sent_ascii_alone(tmp_path: Path) -> None:
    with Terminal("replay", str(RECORDINGS / "tour.jsonl"), "--speed", "inf", home=tmp_path, LC_ALL="C") as terminal:
        terminal.shows("0.25x graph's time")
        assert terminal.text.isascii()
        assert "####" in terminal.text


UTF_8 = {"TERM": "xterm-256color", "LANG": "en_GB.UTF-8"}


@pytest.mark.parametrize(
    ("environment", "encoding", "wanted"),
    [
        (UTF_8, "utf-8", False),
        ({"TERM": "xterm"}, "utf-8", False),  # a container that says nothing of its locale
        (UTF_8, "ascii", True),
        (UTF_8, "latin-1", True),
        (UTF_8, None, True),
        (UTF_8, "no encoding", True),
        ({**UTF_8, "TERM": "linux"}, "utf-8", True),
        ({**UTF_8, "LANG": "C"}, "utf-8", True),
        ({**UTF_8, "LC_ALL": "POSIX"}, "utf-8", True),
        ({**UTF_8, "LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", True),  # what Python itself makes of LANG=C
        ({**UTF_8, "LANG": "C", "LC_CTYPE": "en_GB.UTF-8"}, "utf-8", False),
        ({**UTF_8, "LANG": "C.UTF-8"}, "utf-8", False),
        ({**UTF_8, "LANG": "C", "LC_ALL": "en_GB.UTF-8"}, "utf-8", False),
    ],
)
def test_ascii_is_for_terminals_that_have_nothing_else(
    environment: dict[str, str], encoding: str | None, wanted: bool
) -> None:
    assert wants_ascii(environment, encoding) is wanted
