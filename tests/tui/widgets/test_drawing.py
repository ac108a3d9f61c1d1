"""Figures, bars and words: what the panels are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.style import Style
from textual.visual import RenderOptions

from bench.events import (
    DevicePrepared,
    DevicePreparing,
    Died,
    Event,
    FarLost,
    Hello,
    PhaseStarted,
    ProcessFinished,
    WorkerEnding,
    WorkerReleased,
    WorkerStarting,
)
from bench.session.session import Session
from tests.examples import NO_MODE_WINS, THREE_MODES, planned, process_events
from tui.presentation.fixed_width import duration, plus_minus, shorten, whole_words
from tui.presentation.status_text import describe
from tui.widgets.drawing.bars import LEVELS, VOID, bar, ghost_alone, over_ghost, sparkline
from tui.widgets.drawing.prose import Prose

POSITIVE = st.floats(1e-7, 1e3)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0242, "24.2 ms"),
        (0.00038, "380 µs"),
        (1.08, "1.08 s"),
        (0.9999, "1.00 s"),
        (0.000003, "3.00 µs"),
        (None, "–"),
    ],
)
def test_a_duration_has_three_digits_and_a_unit(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_an_interval_reaches_to_its_farther_end_in_the_unit_of_its_middle() -> None:
    assert plus_minus(0.0242, 0.0239, 0.0245) == "±0.3"
    assert plus_minus(0.00038, 0.000379, 0.000381) == "±1"
    assert plus_minus(0.0242, 0.0241, 0.0262) == "±2"
    assert plus_minus(0.0242, None, None) == ""
    assert plus_minus(0.0242, 0.0001, 5.9) == "±>10×"


@pytest.mark.parametrize(
    ("width", "drawn"),
    [
        (50, "gelu_tanh · size=1024 · float32"),
        (30, "gelu_tanh · size=1024…"),
        (21, "gelu_tanh…"),
        (8, "gelu_ta…"),
    ],
)
def test_a_line_is_cut_between_words_unless_that_leaves_little(width: int, drawn: str) -> None:
    assert whole_words("gelu_tanh · size=1024 · float32", width) == drawn


SENTENCES = "Use XLA: each call takes 47.1 ms (likely range 46-48 ms), 4 % less; 400 MiB more, after 1.4 million."
WHOLE = ("47.1 ms", "46-48 ms", "4 %", "400 MiB", "1.4 million")


@given(st.integers(max(map(len, WHOLE)) + 3, 120))
def test_no_line_of_a_sentence_ends_between_a_figure_and_its_unit(width: int) -> None:
    prose = Prose.of(SENTENCES)
    lines = [strip.text for strip in prose.render_strips(width, None, Style(), RenderOptions(lambda _: Style(), {}))]
    assert all(any(figure in line for line in lines) for figure in WHOLE)
    assert " ".join(line.rstrip() for line in lines) == SENTENCES == prose.plain
    assert prose.get_height({}, width) == len(lines)
    assert all(len(line) <= width for line in lines)


def test_what_is_shortened_says_so() -> None:
    assert shorten("elementwise_chain", 12) == "elementwise…"
    assert shorten("matmul", 12) == "matmul"


def test_a_wide_interval_is_shaded_and_a_narrow_one_marked() -> None:
    assert bar(5, 4, 6, scale=10, width=10) == "████▒▒"
    assert bar(5, 4.99, 5.01, scale=100, width=10) == "▌┤"
    assert bar(5, 2, 70, scale=10, width=10) == "██▒▒▒┤▒▒▒▒"


@given(POSITIVE, st.floats(0.5, 1), st.floats(1, 2), st.integers(0, 80))
def test_a_bar_keeps_to_its_room(value: float, low: float, high: float, width: int) -> None:
    drawn = bar(value, low * value, high * value, scale=high * value, width=width)
    assert len(drawn) <= width + 1


@pytest.mark.parametrize(
    ("ghost", "drawn"),
    [
        (2, ("██", "┊", "█▒▒")),
        (3.9, ("███", "┊", "▒▒")),
        (5.9, ("████▒", "┼", "")),
        (6, ("████▒▒", "┊", "")),
        (9, ("████▒▒", "···┊", "")),
        (10, ("████▒▒", "···┊", "")),
        (0, ("", "┊", "███▒▒")),
    ],
)
def test_the_ghost_of_a_value_is_a_mark_in_the_bar_or_dots_lead_to_it(ghost: float, drawn: tuple[str, ...]) -> None:
    assert over_ghost("████▒▒", ghost, scale=10, width=10) == drawn


def test_a_ghost_where_the_bar_ends_leaves_that_to_be_seen() -> None:
    assert over_ghost("▌┤", 10, scale=100, width=10) == ("▌", "┼", "")


@given(POSITIVE, POSITIVE, st.integers(1, 80))
def test_a_ghost_keeps_to_the_bars_room_and_scale(value: float, ghost: float, width: int) -> None:
    scale = max(value, ghost)
    drawn = bar(value, 0.9 * value, 1.1 * value, scale, width)
    parts = over_ghost(drawn, ghost, scale, width)
    at = min(int(width * ghost / scale), width - 1)
    assert len("".join(parts)) <= max(width, len(drawn))
    assert len(parts[0] + parts[1]) == at + 1
    assert parts[0] + parts[2] in (drawn, drawn[:at] + drawn[at + 1 :])


@pytest.mark.parametrize(
    ("ghost", "line"), [(9, "tracing ·····┊"), (5.5, "tracing ┊"), (1, "·┊ tracing"), (3, "····┊ tracing")]
)
def test_the_ghost_alone_says_why_there_is_no_bar(ghost: float, line: str) -> None:
    assert ghost_alone("tracing", ghost, scale=10, width=15) == line


def test_a_quiet_series_lies_flat_and_a_spike_stands_out() -> None:
    assert set(sparkline([1.0, 1.01, 1.0], 10)) == {LEVELS[0]}
    assert sparkline([1.0, 2.0, 1.0], 10) == "▁█▁"


def test_what_lies_beyond_the_ends_is_as_high_as_can_be_and_leaves_the_others_apart() -> None:
    assert sparkline([100.0, 1.0, 2.0, 0.1], 10, (1.0, 2.0)) == "█▁█▁"


@given(st.lists(POSITIVE), st.integers(-5, 50))
def test_a_sparkline_shows_the_latest_values(values: list[float], width: int) -> None:
    drawn = sparkline(values, width)
    assert len(drawn) == min(len(values), max(width, 0))
    assert set(drawn) <= set(LEVELS)


@given(st.lists(POSITIVE | st.none()))
def test_what_counts_for_nothing_is_a_cross_and_moves_no_other(values: list[float | None]) -> None:
    drawn = sparkline(values, len(values))
    known = [value for value in values if value is not None]
    assert [mark == VOID for mark in drawn] == [value is None for value in values]
    assert drawn.replace(VOID, "") == sparkline(known, len(known))


COMPILING = PhaseStarted(case_id="1", mode="xla", phase="first_call")
HELLO = Hello(protocol=1, host="box", platform="Linux", python="3.12", tensorflow="2.21.0", numpy="2.1.0")
PREPARING = DevicePreparing(device="GPU:0")
PREPARED = DevicePrepared(device="GPU:0", duration_s=60.0)
ENDING = WorkerEnding(device="GPU:0")


FIRST, SECOND = (process_events(THREE_MODES, process=process) for process in (1, 2))
NEXT = ProcessFinished(case_id="1", process=1)


@pytest.mark.parametrize(
    ("events", "waiting", "words"),
    [
        ([], False, "loading TensorFlow"),
        ([WorkerStarting()], True, "loading TensorFlow, then it runs"),
        ([HELLO], False, "ready"),
        ([HELLO], True, "about to run"),
        ([Died(signal="SIGKILL")], False, "worker ended: r tries again"),
        ([Died(signal="SIGKILL")], True, "about to run"),
        ([FarLost(exit_code=255, reason="no route")], False, "far side lost: r tries again"),
        ([WorkerReleased(reason="idle")], False, "worker released: r starts one"),
        ([HELLO, PREPARING], False, "preparing GPU:0"),
        ([HELLO, PREPARING, PREPARED], False, "ready"),
        ([HELLO, PREPARING, ENDING], True, "waiting for GPU:0 to be let go, then it runs"),
        ([HELLO, ENDING, PREPARING], False, "waiting for GPU:0 to be let go"),
        ([*NO_MODE_WINS[:5], COMPILING], False, "compiling xla"),
        (NO_MODE_WINS[:-2], False, "round 40 · 0 s left"),
        (NO_MODE_WINS, False, "ready"),
        ([*planned(), *FIRST], False, "process 1 of 3 · round 4 · 7 s left"),
        ([*planned(), *FIRST, NEXT, WorkerStarting()], False, "process 2 of 3 · loading TensorFlow"),
        ([*planned(), *FIRST, NEXT, WorkerStarting(), HELLO], False, "process 2 of 3 · starting"),
        ([*planned(), *FIRST, NEXT, SECOND[0], COMPILING], False, "process 2 of 3 · compiling xla"),
        ([*planned(), *FIRST, NEXT, *SECOND], False, "process 2 of 3 · round 8 · 7 s left"),
        ([*planned(), *FIRST, NEXT, Died(signal="SIGKILL")], False, "worker ended: r tries again"),
    ],
)
def test_the_header_says_what_the_far_side_does(events: list[Event], waiting: bool, words: str) -> None:
    assert describe(Session(events), waiting=waiting) == words
