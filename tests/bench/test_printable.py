"""Text from files, far sides and user code, as a terminal may have it."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.printable import on_one_line, printable, printable_json

ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Surrogates too: file names and JSON can hold them."""

BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\u202eb", r"a\u202eb"),
        ("\x9b2J", r"\x9b2J"),
        ("tab\tand\rreturn", r"tab\tand\rreturn"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("lone \ud83d", r"lone \ud83d"),
        ("two\nlines", "two\nlines"),
        ("µs × − 日本 👩‍👩‍👧", "µs × − 日本 👩‍👩‍👧"),
    ],
)
def test_what_would_act_on_its_reader_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(ANY_TEXT)
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    for character in printable(text):
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in BIDIRECTIONAL


@given(ANY_TEXT)
def test_printable_text_stays_as_it_is(text: str) -> None:
    assert printable(printable(text)) == printable(text)
    assert "\n" not in on_one_line(text)


@given(ANY_TEXT)
def test_printable_json_means_the_same(text: str) -> None:
    written = json.dumps([text], ensure_ascii=False, indent=2)
    shown = printable_json(written)
    assert json.loads(shown) == [text]
    assert printable(shown) == shown
