"""A message in one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.printable import UNPRINTABLE
from bench.worker.reasons.wording import MOST_CHARACTERS, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n  first\nsecond", "first"),
        ("", ""),
        ("the table is broken:\n  • a row is missing\n  • another", "the table is broken: a row is missing"),
        ("only a colon:", "only a colon:"),
        ("\x1b[31mred\x1b[0m and \u202eback", "red and \\u202eback"),
        ("a <tf.Variable 'v' shape=(2,), numpy=\narray([1., 2.], dtype=float32)>.", "a <tf.Variable 'v' shape=(2,)>."),
        ("a <tf.Tensor: shape=(), dtype=int32, numpy=3>", "a <tf.Tensor: shape=(), dtype=int32>"),
        ("for '{{node MatMul}} = MatMul[T=DT_FLOAT, s=[[2]]](x, y)' with", "for 'MatMul(x, y)' with"),
        ("a value <object object at 0x7f09a17d3d80> of", "a value <object object> of"),
        ("on /job:localhost/replica:0/task:0/device:GPU:1 by allocator", "on GPU:1 by allocator"),
        ("assertion failed: [mine] [Condition x < y did not hold element-wise:] [x = ] [1]", "mine"),
        ("assertion failed: [Condition x == y did not hold:] [1]", "Condition x == y did not hold: 1"),
        ("Expected 'tf.Tensor(False)' to be true. Summarized data: b'too large:'\n0.0, 1.0", "too large: 0.0, 1.0"),
    ],
)
def test_it_is_the_first_that_says_something(text: str, line: str) -> None:
    assert one_line(text) == line


def test_a_long_line_ends_with_a_sentence_or_a_word() -> None:
    assert one_line(f"First of {'x ' * 100}sentences. And {'y ' * 100}") == f"First of {'x ' * 100}sentences."
    assert one_line("word " * 100).endswith("word…")
    assert len(one_line("x" * 1_000)) == MOST_CHARACTERS


@given(st.text(max_size=600))
def test_any_text_gives_one_printable_line_of_bounded_length(text: str) -> None:
    line = one_line(text)
    assert len(line) <= MOST_CHARACTERS
    assert "\n" not in line
    assert not UNPRINTABLE.search(line)


@pytest.mark.parametrize(
    "text",
    [", numpy=[" * 5_000, "[" * 20_000, "{{node A}} = B[" * 2_000, "assertion failed: " + "[" * 19_000],
    ids=["arrays", "brackets", "nodes", "assertions"],
)
def test_long_texts_are_said_in_no_time(text: str) -> None:
    assert len(one_line(text)) <= MOST_CHARACTERS
