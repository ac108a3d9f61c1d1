"""What the engine hears, in which order, and that it knows when it was not there to hear."""

from __future__ import annotations

import math

from bench.engine.mailbox import BEAT_S, SUSPENDED_S, Close, Mailbox, Overslept, StartWorkers, Wake

ASLEEP_S = BEAT_S + SUSPENDED_S


class Clock:
    """Stands still until it is set on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def mailbox_in_use(clock: Clock) -> Mailbox:
    """One at which somebody has waited before."""
    mailbox = Mailbox(clock)
    mailbox.ask(StartWorkers())
    assert (mailbox.next(math.inf), mailbox.next(math.inf)) == (StartWorkers(), Wake())
    return mailbox


def test_requests_overtake_what_has_come_before() -> None:
    mailbox = mailbox_in_use(Clock())
    mailbox.ask(StartWorkers())
    mailbox.ask(Close())
    assert [mailbox.next(math.inf) for _ in range(4)] == [StartWorkers(), Close(), Wake(), Wake()]


def test_what_has_come_is_heard_before_a_deadline_that_has_passed() -> None:
    clock = Clock()
    mailbox = mailbox_in_use(clock)
    mailbox.ask(StartWorkers())
    assert [mailbox.next(clock.now - 1) for _ in range(3)] == [StartWorkers(), Wake(), None]


def test_who_was_asleep_knows_before_anything_else_for_how_long() -> None:
    clock = Clock()
    mailbox = mailbox_in_use(clock)
    deadline = clock.now + 5
    mailbox.ask(StartWorkers())
    clock.now += 60
    assert [mailbox.next(deadline) for _ in range(4)] == [Overslept(60.0), StartWorkers(), Wake(), None]


def test_who_is_awake_is_not_taken_for_asleep_and_the_first_to_come_was_not() -> None:
    clock = Clock()
    mailbox = Mailbox(clock)
    clock.now += 60
    assert mailbox.next(clock.now) is None
    clock.now += ASLEEP_S - 0.1
    assert mailbox.next(clock.now) is None
    clock.now += ASLEEP_S
    assert mailbox.next(clock.now) == Overslept(ASLEEP_S)
