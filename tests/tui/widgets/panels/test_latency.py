"""The latency panel with the ghost: the figures of the case before, beneath those of a new one."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from bench.events import CaseFinished, Estimate, Event, PhaseFinished, PhaseStarted, PlanFinished
from bench.plan import Case
from tests.accelerated import gpu_events
from tests.examples import THREE_MODES, compared, explained, numbered, session_events, sweep_events, tuned
from tests.slow import slowly
from tests.tui.snapshots import Snap, at_one_layout
from tests.tui.stage import LOADED, Screen, Stage, opened
from tui.app.app import TfjitApp
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home")

SMALL = {"eager": 0.0031, "graph": 0.0033, "xla": 0.0029}
LARGE = {"eager": 0.0061, "graph": 0.0052, "xla": 0.0059}


def up_to(kind: type[Event], events: list[Event]) -> list[Event]:
    """The events before the last of a kind."""
    last = max(index for index, event in enumerate(events) if isinstance(event, kind))
    return events[:last]


def stopped(events: list[Event]) -> list[Event]:
    """The events up to the last case's figures, in place of which it is given up."""
    case_id = str(sum(isinstance(event, CaseFinished) for event in events))
    return [
        *up_to(Estimate, events),
        CaseFinished(case_id=case_id, cancelled=True),
        PlanFinished(cancelled=True),
    ]


def bars(screen: Screen) -> dict[str, str]:
    """What is drawn of each mode's latency."""
    lines = screen.app.screen.query_one("#latency").render()
    words = [line.plain.split(maxsplit=1) for line in lines.split("\n")]  # type: ignore[union-attr]
    return {mode: rest for mode, rest in words if mode in THREE_MODES}


async def test_on_an_accelerator_the_throughput_stands_beside_the_latency() -> None:
    async with opened(Stage(*gpu_events()), size=(80, 24)) as screen:
        await screen.shows("throughput 40.0 µs", "throughput 25.0 µs", "throughput 20.0 µs")
        assert "80.0 µs" in bars(screen)["eager"]
        assert all("█" in bar for bar in bars(screen).values())


async def test_on_a_cpu_it_does_not() -> None:
    async with opened(Stage(*session_events(THREE_MODES, beside=explained()))) as screen:
        await screen.until(lambda: "24.2 ms" in bars(screen)["eager"])
        assert "throughput" not in "".join(bars(screen).values())


async def test_what_was_before_is_seen_until_there_are_figures_and_beneath_them() -> None:
    events = tuned((512, LARGE), (256, SMALL))
    begun = up_to(Estimate, events)
    rest = events[len(begun) :]
    stage = Stage(*begun, PhaseStarted(case_id="2", mode="eager", phase="trace"))
    async with opened(stage) as screen:
        await screen.shows("┊ m=512 before", "tracing ···", "(6.10 ms)", "(5.20 ms)")
        stage.play(*rest)
        await screen.until(lambda: "3.10 ms" in bars(screen)["eager"])
        assert "(" not in "".join(bars(screen).values())
        for line in bars(screen).values():
            bar, dots = line.index("█"), line.index("·")
            assert bar < dots < line.index("┊")


async def test_a_longer_bar_is_marked_where_it_ended_before() -> None:
    async with opened(Stage(*tuned((512, SMALL), (1024, LARGE)))) as screen:
        await screen.shows("┊ m=512 before", "6.10 ms")
        assert all("█┊█" in line for line in bars(screen).values())


async def test_a_chain_of_changes_keeps_the_last_figures() -> None:
    two = tuned((64, SMALL), (128, LARGE))
    three = tuned((64, SMALL), (128, LARGE), (256, LARGE))
    async with opened(Stage(*stopped(two), *three[len(two) :])) as screen:
        await screen.shows("┊ m=64 before", "6.10 ms")
        table = screen.app.screen.query_one(ResultsTable)
        await screen.until(lambda: table.row_count == 2)
        assert [table.text_at(row)["dims"].split()[0] for row in range(2)] == ["64", "256"]


async def test_a_row_that_is_looked_at_again_has_no_ghost() -> None:
    async with opened(Stage(*tuned((64, SMALL), (128, LARGE), (256, SMALL)))) as screen:
        await screen.shows("┊ m=128 before")
        screen.app.screen.query_one(ResultsTable).focus()
        await screen.press("up")
        await screen.until(lambda: "6.10 ms" in bars(screen)["eager"])
        assert "before" not in screen.text
        await screen.press("down")
        await screen.shows("┊ m=128 before")


@pytest.mark.slow
async def test_a_sweep_has_no_ghosts() -> None:
    async with opened(Stage(*sweep_events(10, 100)), size=(200, 60)) as screen:
        await screen.shows("before: elementwise_chain", "latency per call")
        assert "┊" not in screen.text


@pytest.mark.slow
async def test_another_workload_is_no_case_before() -> None:
    other = session_events(SMALL, case=Case("lstm", (("batch", 1),)))[3:]
    async with opened(Stage(*tuned((64, LARGE)), *(numbered(event, "2") for event in other)), size=(200, 60)) as screen:
        await screen.shows("latency per call", "3.10 ms", "lstm")
        assert "before" not in screen.text


async def test_where_there_is_room_the_figure_before_stands_beside_the_new_one() -> None:
    async with opened(Stage(*tuned((512, SMALL), (1024, LARGE))), size=(100, 30)) as screen:
        await screen.shows("was 3.10 ms", "was 3.30 ms", "was 2.90 ms")
        await screen.pilot.resize_terminal(120, 40)
        await screen.shows("latency by round", "was 3.10 ms", "was 3.30 ms", "was 2.90 ms")


async def test_of_what_else_is_known_no_figure_is_cut() -> None:
    traced = PhaseFinished(case_id="1", mode="xla", phase="trace", duration_s=0.137)
    compiled = PhaseFinished(case_id="1", mode="xla", phase="first_call", duration_s=0.136, compile_s=0.0367)
    again = session_events(LARGE, compared("x/e", 1.27, 1.1, 1.56, "slower"), beside=[traced, compiled])[3:]
    events = [*tuned((512, SMALL)), *(numbered(event, "2") for event in again)]
    async with opened(Stage(*events), size=(120, 40)) as screen:
        await screen.shows("1.27× eager · trace 137 ms · first call 136 ms (compile 36.7 ms)  ", "was 2.90 ms")


async def test_on_a_large_screen_the_case_before_is_named_in_whole_words() -> None:
    dims = (("batch", 128), ("height", 256), ("width", 256), ("channels", 512), ("filters", 512))
    before = session_events(SMALL, case=Case("depthwise_conv2d", dims))
    again = [numbered(event, "2") for event in session_events(LARGE, case=Case("depthwise_conv2d", dims[:4]))[3:]]
    async with opened(Stage(*before, *again), size=(200, 60)) as screen:
        await screen.shows("before: depthwise_conv2d · batch=128 height=256 width=256…")


async def test_a_figure_that_counts_for_nothing_is_held_against_nothing() -> None:
    again = session_events(LARGE, wrong={"xla": "3 values differ"})[3:]
    events = [*tuned((512, SMALL)), *(numbered(event, "2") for event in again)]
    async with opened(Stage(*events), size=(100, 30)) as screen:
        await screen.shows("was 3.10 ms", "wrong")
        assert "was 2.90 ms" not in screen.text


UNDER_WAY = [
    *up_to(Estimate, tuned((512, LARGE), (1024, SMALL))),
    PhaseStarted(case_id="2", mode="eager", phase="trace"),
    PhaseStarted(case_id="2", mode="xla", phase="first_call"),
]


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        (tuned((1024, LARGE), (512, SMALL)), "·┊"),
        *slowly(
            (UNDER_WAY, "compiling ··"),
            (
                [
                    *tuned((512, SMALL)),
                    *(numbered(each, "2") for each in session_events(LARGE, beside=explained())[3:]),
                ],
                "█┊",
            ),
        ),
    ],
    ids=["shorter", "waiting", "longer"],
)
@at_one_layout
def test_a_ghost(snap_compare: Snap, size: tuple[int, int], events: list[Event], wanted: str) -> None:
    app = TfjitApp(Stage(*LOADED, *events), clock=lambda: 0.0)

    async def drawn(pilot: Pilot[None]) -> None:
        await Screen(app, pilot).shows(" before", wanted)

    assert snap_compare(app, terminal_size=size, run_before=drawn)


async def test_a_reason_that_modes_share_is_said_once() -> None:
    failed = dict.fromkeys(("graph", "xla"), ("failed", "ValueError: no (steps.py:3)"))
    async with opened(Stage(*session_events({"eager": 0.01}, failed=failed))) as screen:
        await screen.shows("failed: ValueError: no (steps.py:3)", "failed: as graph")
