"""TensorFlow's own switches, put in force and put back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.worker.modes.tf_options import PLAIN, Options, in_force, present, set_options

pytestmark = pytest.mark.usefixtures("tf")

ALL = Options(autoclustering=True, grappler=(("disable_meta_optimizer", True), ("remapping", False)), eagerly=True)


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
