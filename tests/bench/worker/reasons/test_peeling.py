"""What is left of a message without its wrappings, in whatever order they nest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.reasons.peeling import Place, peel

AUTOGRAPH = 'in user code:\n\n    File "mine.py", line 3, in f  *\n        g(x)\n\n    Boom: {}\n'
KERAS = "Exception encountered when calling A.call().\n\n\x1b[1m{}\x1b[0m\n\nArguments received by A.call():\n  • x=1"
INFERRED = "Could not automatically infer the output shape / dtype of 'a' (of type A). Error encountered:\n\n{}"
LOADED = (
    "<class 'keras.Sequential'> could not be deserialized properly. Please\n\nconfig={{}}.\n\nException encountered: {}"
)
GRAPH = (
    "Graph execution error:\n\nDetected at node A defined at (most recent call last):\n"
    '  File "mine.py", line 3, in f\n\n{}\n\t [[{{{{node A}}}}]] [Op:__inference_f_12]'
)
EAGER = "{{{{function_node __wrapped__A_device_/CPU:0}}}} {} [Op:A] name: "
MAP = (
    "Error in user-defined function passed to ParallelMapDatasetV2:25 transformation with iterator: Iterator::Root: {}"
)

WRAPPINGS = (AUTOGRAPH, KERAS, INFERRED, LOADED, GRAPH, EAGER, MAP)


def indented(wrapping: str, message: str) -> str:
    """Return the message within a wrapping, indented where AutoGraph does that."""
    return wrapping.format(message.replace("\n", "\n    ") if wrapping is AUTOGRAPH else message)


@given(st.lists(st.sampled_from(WRAPPINGS), max_size=6))
def test_wrappings_of_any_depth_and_order_are_peeled(wrappings: list[str]) -> None:
    text = "five: are wanted\nnot four"
    for wrapping in wrappings:
        text = indented(wrapping, text)
    peeled = peel("ValueError", text)
    assert peeled.text.splitlines()[0] == "five: are wanted"
    assert peeled.type_name == ("Boom" if AUTOGRAPH in wrappings else "ValueError")


def test_bullets_and_empty_lines_of_a_message_are_kept_as_they_were() -> None:
    message = "a table:\n\n  • one\n  • two"
    assert peel("ValueError", indented(AUTOGRAPH, KERAS.format(message))).text == message


def test_the_places_that_wrappings_name_go_from_the_outermost_to_where_it_was_raised() -> None:
    text = (
        'in user code:\n\n    File "/me/mine.py", line 3, in f  *\n        return g(x)\n'
        '    File "/site-packages/keras/a.py", line 9, in call  **\n        x @ y\n\n    TypeError: no @\n'
    )
    assert peel("TypeError", text).places == (
        Place("/me/mine.py", 3, "f", "return g(x)"),
        Place("/site-packages/keras/a.py", 9, "call", "x @ y"),
    )


def test_a_lambda_has_a_place_too() -> None:
    text = 'in user code:\n\n    File "m.py", line 1, in None  *\n        lambda x: g(x)\n\n    ValueError: no\n'
    assert [(place.line, place.function) for place in peel("ValueError", text).places] == [(1, "<lambda>")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ("ValueError", "")),
        (AUTOGRAPH.format(""), ("Boom", "")),
        (
            "Graph execution error:\n\n2 root error(s) found.\n  (0) INTERNAL:  first\n  (1) CANCELLED: x",
            ("ValueError", "first\n  (1) CANCELLED: x"),
        ),
        ("Graph execution error:\n\n<stack traces unavailable>\nfirst\n\t [[A]]", ("ValueError", "first")),
        (
            "KeyError: 'a'\nTraceback (most recent call last):\n\n  File \"m.py\", line 1, in f\n\nKeyError: 'a'\n",
            ("KeyError", "'a'"),
        ),
        ("Binding inputs to tf.function failed due to `no x`. Received args: (1,)", ("ValueError", "no x")),
        ("in user code: nothing that AutoGraph wrote", ("ValueError", "in user code: nothing that AutoGraph wrote")),
        ("Graph execution error:\n\n", ("ValueError", "Graph execution error:\n\n")),
        ("no [Op: of ours", ("ValueError", "no [Op: of ours")),
    ],
)
def test_each_wrapping_leaves_the_type_and_the_words(text: str, told: tuple[str, str]) -> None:
    peeled = peel("ValueError", text)
    assert (peeled.type_name, peeled.text) == told


def test_a_function_that_a_dataset_called_is_told() -> None:
    assert peel("ValueError", MAP.format("no")).within == "Dataset.map"


SCRAPS = [
    *(part for wrapping in WRAPPINGS for part in wrapping.split("{}")),
    "\n",
    "    ",
    "[[",
    "]]",
    "{{node A}}",
    "é",
]


@given(st.lists(st.sampled_from(SCRAPS) | st.text(max_size=20), max_size=30).map("".join))
def test_any_text_can_be_peeled_and_nothing_is_added_to_it(text: str) -> None:
    peeled = peel("ValueError", text)
    assert peeled.type_name
    assert len(peeled.text) <= len(text)


@pytest.mark.parametrize(
    "text",
    ["in user code:\n\n" + '    File "a", line 1\n' * 20_000, "[[" * 100_000, "\n" * 200_000, "[Op:" * 50_000],
    ids=["frames", "brackets", "newlines", "ops"],
)
def test_long_texts_are_peeled_in_no_time(text: str) -> None:
    """Guard against patterns that try every way to match: such a text would take for ever."""
    assert peel("ValueError", text).type_name == "ValueError"
