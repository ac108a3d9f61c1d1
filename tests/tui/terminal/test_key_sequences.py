"""Input split into keys, sequences and pastes: whatever comes, in whatever pieces, whole ones come out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.key_sequences import (
    LONGEST_SEQUENCE,
    MOST_PASTED,
    PASTE_ENDS_AFTER,
    SEQUENCE_ENDS_AFTER,
    Pasted,
    Pressed,
    Splitter,
)

FRAGMENTS = (
    "\x1b",
    "[",
    "O",
    "]",
    "P",
    "M",
    "\x07",
    "\x1b\\",
    "97;1:3u",
    "200~",
    "\x1b[200~",
    "\x1b[201~",
    "ä",
    "\x9b",
    "$",
)
inputs = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=4))).map("".join)


def split(*parts: str, pauses: int = 0) -> list[Pressed | Pasted]:
    splitter = Splitter()
    pieces = [piece for part in parts for piece in splitter.feed(part)]
    return pieces + [piece for _ in range(pauses) for piece in splitter.pause()]


def as_one(pieces: list[Pressed | Pasted]) -> list[str]:
    """The pieces, with what was typed in one go in one string."""
    joined: list[str] = []
    for piece in pieces:
        is_text = isinstance(piece, Pressed) and not piece.text.startswith("\x1b")
        if is_text and joined and joined[-1].startswith("typed "):
            joined[-1] += piece.text
        else:
            joined.append(f"typed {piece.text}" if is_text else repr(piece))
    return joined


@given(inputs, st.lists(st.integers(0, 200)))
def test_where_the_input_is_cut_makes_no_difference(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    parts = [text[begin:end] for begin, end in pairwise(places)]
    assert as_one(split(*parts)) == as_one(split(text))


@given(inputs)
def test_a_key_is_heard_after_whatever_came_before_it(text: str) -> None:
    splitter = Splitter()
    list(splitter.feed(text))
    for _ in range(PASTE_ENDS_AFTER):
        list(splitter.pause())
    assert list(splitter.feed("j")) == [Pressed("j")]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ab", [Pressed("ab")]),
        ("\x1ba", [Pressed("\x1ba")]),
        ("\x1b\x1b[A", [Pressed("\x1b"), Pressed("\x1b[A", is_whole=False)]),
        ("\x1b[[B", [Pressed("\x1b[[B", is_whole=False)]),
        ("\x1bOP", [Pressed("\x1bOP", is_whole=False)]),
        ("\x1b]11;rgb:ffff/ffff/ffff\x07q", [Pressed("q")]),
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\q", [Pressed("q")]),
        ("\x1bP>|xterm(388)\x1b\\q", [Pressed("q")]),
        ("\x1b]11;rgb:ff\x03", [Pressed("\x03")]),
        ("\x1b]11;rgb:ff\x1b[A", [Pressed("\x1b[A", is_whole=False)]),
        ("\x1b[12\x03", [Pressed("\x03")]),
        ("\x1b[M !!q", [Pressed("q")]),
        ("\x1b[97;1:1u", [Pressed("\x1b[97;1u", is_whole=False)]),
        ("\x1b[97;1:2u", [Pressed("\x1b[97;1u", is_whole=False)]),
        ("\x1b[97;1:3u", []),
        ("\x1b[97:65:97;2u", [Pressed("\x1b[97;2u", is_whole=False)]),
        ("\x1b[97:65;;65u", [Pressed("\x1b[97;;65u", is_whole=False)]),
        ("\x1b[1;1:1A", [Pressed("\x1b[1;1A", is_whole=False)]),
        ("\x1b[200~one\x1b[2J\n\x9btwo\x1b[201~q", [Pasted("one[2J\ntwo"), Pressed("q")]),
    ],
    ids=repr,
)
def test_what_is_taken_whole(text: str, pieces: list[Pressed | Pasted]) -> None:
    assert split(text) == pieces


@pytest.mark.parametrize("text", ["\x1b", "\x1b[", "\x1bO", "\x1b]", "\x1bP"])
def test_what_may_go_on_is_a_key_if_it_does_not(text: str) -> None:
    pauses = 1 if text == "\x1b" else SEQUENCE_ENDS_AFTER
    assert split(text, pauses=pauses - 1) == []
    assert split(text, pauses=pauses) == [Pressed(text)]


def test_half_a_sequence_is_no_key() -> None:
    assert split("\x1b[97;1", pauses=9) == []


def test_a_paste_whose_end_is_lost_ends_after_a_while() -> None:
    assert split("\x1b[200~one", pauses=PASTE_ENDS_AFTER - 1) == []
    assert split("\x1b[200~one", pauses=PASTE_ENDS_AFTER) == [Pasted("one")]


def test_what_is_held_has_a_limit() -> None:
    assert split(f"\x1b[{'0' * LONGEST_SEQUENCE}", "q") == [Pressed("q")]
    assert split("\x1b[200~", *["x" * MOST_PASTED] * 3, "\x1b[201~") == [Pasted("x" * MOST_PASTED)]
