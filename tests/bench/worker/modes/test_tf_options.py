"""TensorFlow's own switches, put in force and put back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.worker.errors import RefusedError
from bench.worker.modes.tf_options import PLAIN, Options, check_unswitched, in_force, present, set_options

pytestmark = pytest.mark.usefixtures("tf")

ALL = Options(autoclustering=True, grappler=(("disable_meta_optimizer", True), ("remapping", False)), eagerly=True)

CLUSTERED = Options(autoclustering=True)


@pytest.fixture(autouse=True)
def plain() -> Iterator[None]:
    """Nothing is in force before a test, nor after it."""
    set_options(PLAIN)
    yield
    set_options(PLAIN)


@pytest.mark.parametrize(
    "options",
    [
        Options(autoclustering=True),
        Options(grappler=(("disable_meta_optimizer", True),)),
        Options(eagerly=True),
        ALL,
    ],
)
def test_what_is_in_force_is_so_inside_alone(options: Options) -> None:
    with in_force(options):
        assert present() == options
    assert present() == PLAIN


def test_what_is_in_force_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), in_force(ALL):
        _ = 1 / 0
    assert present() == PLAIN


def test_one_takes_the_place_of_another() -> None:
    set_options(ALL)
    set_options(Options(autoclustering=True))
    assert present() == Options(autoclustering=True)


def test_what_tensorflow_has_switched_on_is_told_as_code_has_it() -> None:
    assert PLAIN.words == ""
    assert Options(autoclustering=True, eagerly=True).words == (
        'set_jit("autoclustering") and run_functions_eagerly(True)'
    )


def test_what_another_call_has_switched_on_is_off_where_others_are_in_force() -> None:
    set_options(Options(eagerly=True))
    with in_force(PLAIN):
        assert present() == PLAIN


@pytest.mark.parametrize(
    ("options", "now", "did"),
    [
        (PLAIN, Options(eagerly=True), r"calls run_functions_eagerly\(True\)"),
        (CLUSTERED, Options(autoclustering=True, eagerly=True), r"calls run_functions_eagerly\(True\)"),
        (PLAIN, CLUSTERED, r"calls set_jit\(\"autoclustering\"\)"),
        (CLUSTERED, PLAIN, "takes back what this mode has switched on"),
    ],
)
def test_a_mode_whose_code_switches_options_is_refused(options: Options, now: Options, did: str) -> None:
    set_options(now)
    with pytest.raises(RefusedError, match=f"your code {did} while it runs, so this mode is not what it says"):
        check_unswitched(options)


def test_a_mode_whose_options_are_as_they_were_is_not_refused() -> None:
    with in_force(ALL):
        check_unswitched(ALL)
