"""The main screen with results: rows, figures, claims and rounds, from recordings of real runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import (
    Disturbed,
    PairEstimate,
    PhaseStarted,
    Round,
    Visit,
)
from bench.plan import EFFORTS, Case
from bench.plans.presets import SEED
from tests.examples import (
    NO_MODE_WINS,
    THREE_MODES,
    compared,
    explained,
    first_case,
    numbered,
    rounds,
    session_events,
    suspicious,
)
from tests.slow import slowly
from tests.tui.stage import Stage, opened, replay
from tui.presentation.result_rows import PAYS_AFTER, fit, row_of, shortened
from tui.widgets.panels.case_panel import LEAST_NAME_WIDTH as NAME_WIDTH
from tui.widgets.panels.rounds import RoundsPanel
from tui.widgets.row_table import ResultsTable

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_a_recorded_run_fits_every_screen(size: tuple[int, int]) -> None:
    async with opened(replay("matmul"), size=size, read_only=True) as screen:
        await screen.shows("eager", "graph", "xla", "±", "matmul", "recording · ready")
        table = screen.app.screen.query_one(ResultsTable)
        assert table.virtual_size.width <= table.size.width


LONG = Case("conv2d", (("batch", 128), ("height", 256), ("width", 256), ("channels", 512), ("filters", 512)))


async def test_no_figure_is_ever_cut() -> None:
    fast = compared("x/e", 0.5, 0.4, 0.6, "faster", 1_400_000)
    unclear = compared("x/g", 1.0, 0.9, 1.1, "unclear")
    latencies_s = {"eager": 0.1234, "graph": 0.000456, "xla": 0.789}
    events = session_events(latencies_s, compared("g/e", 0.9, 0.8, 0.95, "faster", 89), unclear, fast, case=LONG)
    long_ago = [*events[:3], *(numbered(event, "2") for event in events[3:])]
    two = session_events(
        {"eager": 0.1234, "xla": 0.0567}, fast, case=replace(LONG, modes=("eager", "xla")), calls=10**7
    )
    async with opened(Stage(*two, *long_ago[3:]), size=(60, 30)) as screen:
        await screen.until(lambda: len(screen.app.session.cases) == 2)
        table = screen.app.screen.query_one(ResultsTable)
        for width, calls in ((60, ""), (80, "1.4M"), (100, "1.4 million"), (120, "1.4 million")):
            await screen.pilot.resize_terminal(width, 30)
            await screen.until(lambda width=width: screen.app.screen.size.width == width)  # type: ignore[misc]
            await screen.shows("123 ms", "456 µs", "789 ms", "56.7 ms", "graph?", calls)
            assert table.virtual_size.width <= table.size.width
            for row in (table.text_at(index) for index in range(2)):
                for column in table.columns:
                    assert len(row[column.name]) <= column.width
                    assert "…" not in row[column.name] or column.name in ("dims", "device", "workload")


@given(
    st.fixed_dictionaries({column: st.integers(1, 40) for column in ("workload", "dims", "dtype", "device")}),
    st.fixed_dictionaries(
        {"pays after": st.integers(10, 11), **dict.fromkeys(("eager", "graph", "xla", "best"), st.integers(4, 8))}
    ),
    st.integers(56, 200),
)
def test_columns_fit_and_figures_are_whole(names: dict[str, int], figures: dict[str, int], room: int) -> None:
    natural = {**names, **figures}
    widths = fit(natural, room)
    assert sum(widths.values()) + len(widths) <= room
    assert set(natural) - set(widths) <= {"device", "dtype", "pays after", "dims"}
    assert all(widths[column] == width for column, width in figures.items() if column in widths)


@pytest.mark.parametrize(
    ("pairs", "modes", "said"),
    [
        (
            (compared("x/e", 0.5, 0.4, 0.6, "faster", 89), compared("x/g", 0.7, 0.6, 0.8, "faster", 412)),
            THREE_MODES,
            "89",
        ),
        ((compared("x/g", 0.7, 0.6, 0.8, "faster", 412),), {"graph": 0.02, "xla": 0.01}, "412"),
    ],
)
def test_the_table_says_when_a_mode_pays_beside_eager(
    pairs: tuple[PairEstimate, ...], modes: dict[str, float], said: str
) -> None:
    graph = compared("g/e", 0.7, 0.6, 0.8, "faster", 3)
    case = replace(SEED.case, modes=tuple(modes))
    measured = first_case(session_events(modes, graph, *pairs, case=case))
    assert shortened(measured, row_of(measured))[PAYS_AFTER] == said


async def test_every_case_has_a_row_and_the_table_brings_one_back() -> None:
    async with opened(replay("tour"), read_only=True) as screen:
        await screen.shows("recording · ready")
        table = screen.app.screen.query_one(ResultsTable)
        assert table.row_count == len(screen.app.session.cases)
        first, *_, last = screen.app.session.cases.values()
        assert screen.text.splitlines()[0].startswith(f" tfjit  {last.case.workload} · {last.case.dims_text[:20]}")
        table.focus()
        await screen.press("ctrl+home")
        await screen.until(lambda: f"{first.case.workload} · {first.case.dims_text}" in screen.text.splitlines()[0])


async def test_a_mode_that_failed_shows_why_in_place_of_its_bar() -> None:
    async with opened(replay("failures"), read_only=True) as screen:
        await screen.shows("recording · ready")
        screen.app.screen.query_one(ResultsTable).focus()
        await screen.press("ctrl+home")
        await screen.shows("unsupported: op Lu")
        await screen.press("down")
        await screen.shows("wrong", "Do not use XLA: its")


@pytest.mark.parametrize("size", [(80, 24), *slowly(((120, 40),))])
async def test_a_claimed_figure_stands_beside_the_measured_one(size: tuple[int, int]) -> None:
    events = session_events(THREE_MODES, preset="seed")
    async with opened(Stage(*events), size=size) as screen:
        await screen.shows("claimed 4-6 ms", "claimed 1.5-2 ms", "claims differ because one big kernel")


@pytest.mark.slow
async def test_nothing_is_claimed_of_what_was_not_asked_for_as_a_preset() -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        await screen.shows("○ ready", "Do not use XLA here")
        assert "claim" not in screen.text


UNCLEAR = compared("x/e", 1.0, 0.97, 1.04, "unclear")


async def test_a_thorough_run_is_advised_where_one_can_be_had_and_says_more() -> None:
    two = {"eager": 0.01, "xla": 0.01}
    case = replace(SEED.case, modes=("eager", "xla"))
    quick = session_events(two, UNCLEAR, case=case)
    thorough = session_events(two, UNCLEAR, case=case, effort=EFFORTS["thorough"])
    hint, verdict = "Press t for a thorough run", "XLA may be 3 % quicker or 4 % slower."
    stage = Stage(*quick[:-2])
    async with opened(stage, size=(120, 40)) as screen:
        await screen.shows(verdict)
        assert hint not in screen.text
        stage.play(PhaseStarted(case_id="1", mode="", phase="refine"))
        await screen.shows(verdict, "● refining")
        assert hint not in screen.text
        stage.play(*quick[-2:])
        await screen.shows(verdict, hint)
        stage.play(*(numbered(event, "2") for event in thorough[3:]))
        await screen.until(lambda: verdict in screen.text and hint not in screen.text)
    async with opened(Stage(*quick), size=(120, 40), read_only=True) as screen:
        await screen.shows(verdict)
        assert hint not in screen.text


@pytest.mark.parametrize("size", [(60, 20), *slowly(((80, 24),))])
async def test_a_glance_at_the_rounds_tells_which_of_them_count(size: tuple[int, int]) -> None:
    disturbed = Disturbed(case_id="1", first=4, last=5, reason="other processes used 1.4 cores")
    beside = [*rounds(THREE_MODES, 8, discarded=3), disturbed]
    async with opened(Stage(*session_events(THREE_MODES, beside=beside)), size=size) as screen:
        await screen.shows("latest rounds · 3 warm-up", "24.2-24.2 ms")
        panel = screen.app.screen.query_one(RoundsPanel)
        line = panel.render().split("\n")[0]
        shown = {character: line.get_style_at_offset(NAME_WIDTH + character) for character in range(8)}
        counts, shaded = panel.mode_style("eager").foreground, panel.get_visual_style("disturbed", partial=True)
        assert [index for index, style in shown.items() if style.foreground == counts] == [3, 4, 5, 6, 7]
        assert [index for index, style in shown.items() if style.background == shaded.background] == [4, 5]


async def test_a_round_in_which_a_mode_was_compiled_is_crossed_out_and_moves_no_scale() -> None:
    compiled = Round(case_id="1", index=3, visits=(Visit("eager", 9.0, 1, compilations=1),))
    beside = [*rounds(THREE_MODES, 3), compiled]
    async with opened(Stage(*session_events(THREE_MODES, beside=beside))) as screen:
        await screen.shows("latest rounds · 1 void", "▁▁▁×", "24.2-24.2 ms")
        panel = screen.app.screen.query_one(RoundsPanel)
        line = panel.render().split("\n")[0]
        assert line.get_style_at_offset(NAME_WIDTH + 3).foreground == panel.trouble.foreground


async def test_a_suspicious_figure_is_never_shown_without_the_word() -> None:
    pairs = compared("g/e", 0.5, 0.4, 0.6, "faster", 4), compared("x/g", 0.5, 0.4, 0.6, "faster", 4)
    events = session_events(THREE_MODES, *pairs, beside=[suspicious("xla")])
    async with opened(Stage(*events)) as screen:
        await screen.shows("XLA's figure is suspicious: 3 of 12 operations", "xla?")
        (line,) = (line for line in screen.text.splitlines() if "26.0 ms ±" in line)
        assert line.endswith("suspicious ")


async def test_a_cached_compile_is_labelled_where_its_time_stands() -> None:
    async with opened(Stage(*session_events(THREE_MODES, caches=("kernels",))), size=(120, 40)) as screen:
        await screen.shows("first call 4.13 s (cached)")


@pytest.mark.slow
@pytest.mark.parametrize("read_only", [False, True])
async def test_a_large_screen_always_shows_where_the_time_goes(read_only: bool) -> None:
    events = session_events(THREE_MODES, beside=explained())
    async with opened(Stage(*events), size=(120, 40), read_only=read_only) as screen:
        await screen.shows("where the time goes", "dispatch", "310 MiB", "latency by round")
