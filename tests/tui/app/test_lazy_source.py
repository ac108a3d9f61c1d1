"""An engine that is made when it is first needed."""

from __future__ import annotations

from bench.plan import Case, Plan
from tests.tui.stage import LOADED, Stage
from tui.app.lazy_source import LateSource


class Maker:
    """Makes a stage, and counts how many it has made."""

    def __init__(self) -> None:
        self.stage = Stage(*LOADED)
        self.made = 0

    def __call__(self) -> Stage:
        self.made += 1
        return self.stage


def test_it_is_made_once_and_only_when_something_is_asked_of_it() -> None:
    make = Maker()
    source = LateSource(make)
    assert make.made == 0
    plan = Plan((Case("softmax"),))
    source.submit(plan)
    events = source.events()
    assert next(events) == LOADED[0]
    assert (make.made, make.stage.plans) == (1, [plan])


def test_one_that_was_closed_before_it_was_made_has_no_events_to_wait_for() -> None:
    make = Maker()
    source = LateSource(make)
    source.close()
    assert make.made == 0
    assert list(source.events()) == list(LOADED)
    assert make.stage.closed
