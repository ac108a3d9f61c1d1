"""The options of the command that measures a case again, besides the case's own."""

from __future__ import annotations

from bench.events import SessionStarted
from bench.session.session import Session
from tui.config.schema import DEFAULTS, Config
from tui.presentation.repeat_arguments import repeat_arguments

ELSEWHERE = Session([SessionStarted(session_id="1", version="1", far="ssh box python3")])


def test_a_session_of_another_far_side_is_repeated_there() -> None:
    assert repeat_arguments(DEFAULTS, (), ELSEWHERE) == ("--far", "ssh box python3")


def test_options_that_named_the_far_side_are_given_as_they_were() -> None:
    assert repeat_arguments(DEFAULTS, ("--python", "py"), ELSEWHERE) == ("--python", "py")


def test_a_configuration_that_changes_what_is_measured_is_set_aside() -> None:
    assert repeat_arguments(Config(dtype="float64"), (), Session()) == ("--no-config",)
