"""What differs between two states of the process, in words."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pytest

from bench.worker.machine.fingerprint import Fingerprint, Same, differences


def state(
    functions: Mapping[str, Mapping[str, Any]] | None = None,
    running: Mapping[str, Hashable] | None = None,
    modules: Mapping[str, Hashable] | None = None,
    **facts: Hashable,
) -> Fingerprint:
    named = {name.replace("_", " "): value for name, value in facts.items()}
    return Fingerprint(named, functions or {}, running or {}, modules or {})


PACKAGE = "2 modules of lib (still loaded)", "the module b (still loaded)"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (state(eager=True), state(eager=True), ()),
        (state(eager=True), state(eager=False), ("eager (on, now off)",)),
        (state(the_policy="float32"), state(the_policy="float64"), ("the policy (float32, now float64)",)),
        (state(locale="C"), state(locale="LC_CTYPE=C.UTF-8;LC_NUMERIC=de_DE"), ("locale",)),
        (state(the_password=("a",)), state(the_password=("b",)), ("the password",)),
        (state(), state(DEBUG=("1",)), ("DEBUG",)),
        (state(DEBUG=("1",)), state(), ("DEBUG",)),
        (state(jit=""), state(jit="autoclustering"), ("jit",)),
        (state(running={"the thread a": 1}), state(), ()),
        (state(), state(running={"the thread a": 1}), ("the thread a (still running)",)),
        (state(running={"a": 1}), state(running={"a": 2}), ("a (still running)",)),
        (state(), state(modules={"helpers": 1}), ("the module helpers (still loaded)",)),
        (state(), state(modules={"lib": 1, "lib.a": 2, "b": 3}), PACKAGE),
    ],
)
def test_what_differs_is_named_and_shown_where_it_is_short(
    before: Fingerprint, after: Fingerprint, words: tuple[str, ...]
) -> None:
    assert differences(before, after) == words


def test_a_function_that_was_replaced_is_named_and_one_that_is_loaded_late_is_not() -> None:
    before = state(functions={"tf.nn": {"relu": abs, "gelu": abs, "PI": 3, "math": math}})
    after = state(functions={"tf.nn": {"relu": max, "gelu": abs, "PI": 4, "math": None, "late": min}})
    assert differences(before, after) == ("the function tf.nn.relu",)


def test_an_object_equals_itself_alone() -> None:
    class Alike:
        def __eq__(self, other: object) -> bool:
            return True

    one, other = Alike(), Alike()
    assert Same(one) == Same(one)
    assert Same(one) != Same(other)
