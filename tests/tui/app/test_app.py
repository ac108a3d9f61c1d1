"""The screen, driven as a user does; what it shows comes from recordings of real runs."""

from __future__ import annotations

import csv
import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Label

from bench.engine.source import Replay
from bench.events import (
    Device,
    Devices,
    Died,
    Disturbed,
    Event,
    FarLost,
    Notice,
    PairEstimate,
    PlanFinished,
    Round,
    Visit,
)
from bench.plan import EFFORTS, Case, Plan
from bench.plans.presets import SEED
from tests.examples import (
    NO_MODE_WINS,
    THREE_MODES,
    compared,
    explained,
    first_case,
    many_cases,
    numbered,
    rounds,
    session_events,
    suspicious,
)
from tests.slow import slowly
from tests.tui.stage import LOADED, Screen, Stage, opened, recorded, replay, running
from tui.app.app import TfjitApp
from tui.presentation.result_rows import PAYS_AFTER, fit, row_of, shortened
from tui.screens.closing import Palette
from tui.screens.dialogs.details import DetailsScreen
from tui.screens.dialogs.export import ExportScreen
from tui.screens.main.main_screen import MainScreen
from tui.widgets.panels.case_panel import LEAST_NAME_WIDTH as NAME_WIDTH
from tui.widgets.panels.rounds import RoundsPanel
from tui.widgets.row_table import ResultsTable
from tui.widgets.setup.fields import DimInput, ModeBox

pytestmark = pytest.mark.usefixtures("home")

NO_TENSORFLOW = Died(exit_code=1, log_tail=("Traceback:", "ModuleNotFoundError: No module named 'tensorflow'"))


def dims(screen: Screen) -> dict[str, str]:
    return {field.dim.name: field.value for field in screen.app.screen.query(DimInput)}


# --- the first minute ---------------------------------------------------------------------------------------------


async def test_one_key_measures_what_is_set_up_and_a_command_the_seed_preset() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.shows("Press r to measure", "○ ready")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        (plan,) = stage.plans
        assert plan.cases[0].workload == "matmul"
        assert plan.effort == EFFORTS["quick"]
        await screen.app.screen.run_action("seed")
        await screen.until(lambda: len(stage.plans) == 2)
        assert stage.plans[1] == Plan((SEED.case,), preset="seed")


class Hasty(TfjitApp):
    """Is asked for a run before its first frame is drawn."""

    def on_mount(self) -> None:
        self.post_message(Key("r", "r"))


async def test_a_key_that_comes_with_the_first_frame_is_heard_by_the_screen_that_follows() -> None:
    stage = Stage(*LOADED)
    app = Hasty(stage)
    async with running(app) as screen:
        await screen.until(lambda: stage.plans)


async def test_a_run_asked_for_while_tensorflow_loads_says_so_and_does_not_hide_what_went_wrong() -> None:
    stage = Stage(LOADED[0])
    async with opened(stage) as screen:
        await screen.shows("loading TensorFlow")
        await screen.press("t")
        await screen.shows("loading TensorFlow, then it runs", "as soon as TensorFlow is loaded")
        assert [plan.effort for plan in stage.plans] == [EFFORTS["thorough"]]
        stage.play(NO_TENSORFLOW)
        await screen.shows("No module named 'tensorflow'", "worker ended: r tries again")


async def test_without_tensorflow_the_screen_says_what_happened_and_what_to_do() -> None:
    stage = Stage(LOADED[0], NO_TENSORFLOW)
    async with opened(stage) as screen:
        await screen.shows("No module named 'tensorflow'", "pip install tensorflow", "--python PATH", "r tries again")
        await screen.press("r")
        await screen.until(lambda: stage.plans)


async def test_a_far_side_that_cannot_be_reached_needs_no_tensorflow() -> None:
    lost = FarLost(exit_code=255, reason="ssh: Could not resolve hostname box")
    async with opened(Stage(LOADED[0], lost)) as screen:
        await screen.shows("ssh: Could not resolve hostname box", "r tries again")
        assert "TensorFlow" not in screen.text
        assert "install" not in screen.text


async def test_a_far_side_that_is_lost_says_so_beside_what_was_measured() -> None:
    stage = Stage(*NO_MODE_WINS, FarLost(exit_code=255, reason="Connection to box closed."))
    async with opened(stage) as screen:
        await screen.shows("far side lost: r tries again", "Connection to box closed.", "24.2 ms")


# --- results ------------------------------------------------------------------------------------------------------


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
        stage.play(*quick[-2:])
        await screen.shows(verdict, hint)
        stage.play(*(numbered(event, "2") for event in thorough[3:]))
        await screen.until(lambda: verdict in screen.text and hint not in screen.text)
    async with opened(Stage(*quick), size=(120, 40), read_only=True) as screen:
        await screen.shows(verdict)
        assert hint not in screen.text


@pytest.mark.slow
async def test_a_notice_is_shown() -> None:
    async with opened(Stage(*LOADED, Notice(text="Welcome to box", severity="warning"))) as screen:
        await screen.shows("Welcome to box")


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


@pytest.mark.parametrize("size", [(60, 20), *slowly(((80, 24),), ((120, 40),))])
async def test_one_key_shows_where_the_time_of_a_call_goes(size: tuple[int, int]) -> None:
    beside = [*rounds(THREE_MODES, 60, discarded=3), *explained(), suspicious("xla")]
    async with opened(Stage(*session_events(THREE_MODES, beside=beside)), size=size) as screen:
        await screen.shows("d tells where the time goes")
        await screen.press("d")
        await screen.until(lambda: isinstance(screen.app.screen, DetailsScreen))
        await screen.shows("throughput", "23.0 ms", "310 MiB")
        text = " ".join(screen.text.split())
        assert ("until the call returns" in text) == (size[0] >= 80)
        await screen.press("d")
        await screen.until(lambda: not isinstance(screen.app.screen, DetailsScreen))


@pytest.mark.slow
async def test_the_details_say_how_the_rounds_went_and_follow_them() -> None:
    events = session_events(THREE_MODES, beside=rounds(THREE_MODES, 60, discarded=3))
    stage = Stage(*events[:-2])
    async with opened(stage, size=(100, 40)) as screen:
        await screen.shows("round 60")
        await screen.press("d")
        await screen.shows("None of 60 rounds is known to have been disturbed.", "warm-up: eager 3, graph 3, xla 3.")
        assert "synced" not in screen.text
        stage.play(*explained(), suspicious("xla"))
        await screen.shows("until the device is done too", "XLA's figure is suspicious", "2,900 MHz")


async def test_before_more_is_known_than_latencies_the_details_say_when_it_will_be() -> None:
    stage = Stage(*NO_MODE_WINS[:-3])
    async with opened(stage, size=(100, 40)) as screen:
        await screen.until(lambda: screen.app.session.current)
        await screen.press("d")
        await screen.shows("Nothing beside the latencies is known yet")
        stage.play(*NO_MODE_WINS[-3:], *explained())
        await screen.shows("until the device is done too")
        assert "known yet" not in screen.text


@pytest.mark.slow
@pytest.mark.parametrize("read_only", [False, True])
async def test_a_large_screen_always_shows_where_the_time_goes(read_only: bool) -> None:
    events = session_events(THREE_MODES, beside=explained())
    async with opened(Stage(*events), size=(120, 40), read_only=read_only) as screen:
        await screen.shows("where the time goes", "dispatch", "310 MiB", "latency by round")


# --- the setup ----------------------------------------------------------------------------------------------------


async def test_what_is_typed_ticked_and_chosen_in_the_setup_is_measured() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("down", "5", "1", "2", "r")
        await screen.until(lambda: stage.plans)
        assert dims(screen)["m"] == "512"
        assert stage.plans[0].cases[0].dims[0] == ("m", 512)
        await screen.shows("CPU:0 A Processor")
        screen.app.screen.query_one("#device").focus()
        await screen.press("enter", "down", "enter")
        await screen.shows("GPU:0 An Acc")
        for box in screen.app.screen.query(ModeBox):
            box.focus()
            await screen.press("space")
        await screen.shows("☐eager ☐graph ☐xla", "no mode to measure")
        await screen.press("space", "r")
        await screen.until(lambda: len(stage.plans) == 2)
        (case,) = stage.plans[1].cases
        assert (case.dims[0], case.modes, case.device) == (("m", 512), ("xla",), "GPU:0")


@pytest.mark.slow
async def test_keys_that_come_all_at_once_count_in_their_order() -> None:
    async with opened(Stage(*LOADED)) as screen:
        screen.app.screen.query(DimInput).first().focus()
        await screen.press("end")
        for key in ("7", "backspace", "backspace", "5"):
            screen.app.post_message(Key(key, key if key.isdigit() else None))
        await screen.until(lambda: dims(screen)["m"] == "1025")


@pytest.mark.slow
async def test_each_dimension_is_halved_under_whose_cursor_the_key_was_pressed() -> None:
    halve, down = Key("left_square_bracket", "["), Key("down", None)
    async with opened(Stage(*LOADED)) as screen:
        screen.app.screen.query(DimInput).first().focus()
        for key in (halve, down, halve, halve, down):
            screen.app.post_message(key)
        await screen.until(lambda: dims(screen) == {"m": "512", "k": "256", "n": "1024"})


def names_that_stand_out(screen: Screen) -> list[str]:
    return [
        str(label.content)
        for label in screen.app.screen.query(".name").results(Label)
        if label.styles.text_style.reverse
    ]


def name_beside(field: Widget) -> str:
    assert field.parent is not None
    return str(field.parent.query_one(".name", Label).content)


async def test_the_name_of_the_field_with_the_focus_stands_out_and_its_cursor_does_not_blink() -> None:
    async with opened(Stage(*LOADED)) as screen:
        for key in ("down", "down", "up"):
            await screen.press(key)
            field = screen.app.focused
            assert isinstance(field, Input)
            await screen.until(lambda: names_that_stand_out(screen) == [name_beside(field)])  # noqa: B023
            await screen.until(lambda: not blinks(field))  # noqa: B023


@pytest.mark.slow
async def test_no_cursor_blinks_since_that_takes_bytes_of_the_line() -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        await screen.shows("○ ready", "Do not use XLA")
        for key in ("down", "slash", "o", "comma", "s", "w", "e", "f", "colon"):
            await screen.press(key)
            await screen.until(lambda: isinstance(screen.app.focused, Input))
            await screen.until(lambda: not [each for each in screen.app.screen.query(Input) if blinks(each)])
            await screen.press("escape")
            await screen.until(lambda: isinstance(screen.app.screen, MainScreen))


def blinks(field: Input) -> bool:
    assert field._blink_timer is not None
    return field._blink_timer._active.is_set()


@pytest.mark.slow
async def test_brackets_scale_the_dimension_under_the_cursor_within_its_bounds() -> None:
    async with opened(Stage(*LOADED)) as screen:
        await screen.press("tab", "tab", "right_square_bracket")
        await screen.until(lambda: dims(screen) == {"m": "1024", "k": "2048", "n": "1024"})
        await screen.press("tab", "tab", "left_square_bracket")  # on the dtype: n was the last under the cursor
        await screen.until(lambda: dims(screen) == {"m": "1024", "k": "2048", "n": "512"})
        await screen.press("shift+tab", "shift+tab", *["right_square_bracket"] * 4)
        await screen.shows("k is at its greatest size, 16384")


async def test_an_invalid_dimension_is_refused_where_it_is_typed() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("down", "9", "9", "9", "9", "9")
        await screen.shows("m=99999 is above its greatest", "16384")
        await screen.press("r")
        await screen.shows("Not started")
        assert not stage.plans
        assert dims(screen)["m"] == "99999"
        await screen.press("backspace")
        await screen.until(lambda: "greatest size" not in screen.text.split("Not started")[0])


async def test_a_device_is_named_in_full_where_there_is_room() -> None:
    device = Device("CPU:0", "AMD EPYC 9B14 96-Core Processor")
    devices = [Devices(devices=(device,)) if isinstance(event, Devices) else event for event in NO_MODE_WINS]
    async with opened(Stage(*devices), size=(200, 60)) as screen:
        words = f"{device.name} {device.hardware}"
        await screen.shows("○ ready")
        await screen.until(lambda: screen.text.count(f"{words} ") == 2)  # in the setup, and in the row of results


@pytest.mark.slow
async def test_auto_run_measures_a_changed_setup_by_itself() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("a")
        await screen.shows("setup · auto-run")
        await screen.press("right_square_bracket")
        await screen.until(lambda: stage.plans)
        assert stage.plans[0].cases[0].dims[0] == ("m", 2048)


async def test_a_narrow_screen_folds_the_setup_by_a_key_that_is_offered_and_while_it_measures() -> None:
    stage = Stage(*LOADED)
    async with opened(stage, size=(60, 20)) as screen:
        await screen.until(lambda: "m setup" in screen.text.splitlines()[-1])
        await screen.press("down", "down", "m")
        await screen.until(lambda: screen.app.screen.has_class("-folded"))
        await screen.press("m")
        await screen.until(lambda: isinstance(field := screen.app.focused, DimInput) and field.dim.name == "k")
        stage.play(*NO_MODE_WINS[3:])
        await screen.shows("latency per call")
        await screen.until(lambda: "effort" not in screen.text)
        await screen.press("m")
        await screen.shows("effort")
        await screen.pilot.resize_terminal(80, 24)
        await screen.until(lambda: "m setup" not in screen.text.splitlines()[-1])


# --- stopping -----------------------------------------------------------------------------------------------------


async def test_escape_stops_what_is_being_measured() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("escape")
        stage.play(*NO_MODE_WINS[3:-2])
        await screen.shows("round 40")
        assert stage.cancelled == 0
        await screen.press("escape")
        await screen.until(lambda: stage.cancelled == 1)
        stage.play(PlanFinished(cancelled=True))
        await screen.shows("○ ready")


async def test_ctrl_c_quits_from_a_dimension_too() -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        await screen.press("down", "ctrl+c")
        await screen.until(lambda: screen.app._exit)
        assert stage.closed


class Broken(Stage):
    def events(self) -> Iterator[Event]:
        raise RuntimeError("the pipe burst")


async def test_a_source_that_fails_is_one_line_and_the_screen_lives() -> None:
    async with opened(Broken()) as screen:
        await screen.shows("No more events come: RuntimeError")
        await screen.press("right_square_bracket")
        await screen.until(lambda: dims(screen)["m"] == "2048")


async def test_events_that_do_not_fit_together_are_left_out() -> None:
    async with opened(Replay(NO_MODE_WINS[4:] + NO_MODE_WINS, speed=float("inf")), read_only=True) as screen:
        await screen.shows("An event was left out", "24.2 ms")


async def test_a_recording_is_shown_while_it_is_read() -> None:
    share = 0.4
    async with opened(Replay(many_cases(3), float("inf"), lambda: share), read_only=True) as screen:
        await screen.shows("recording 40 % · ready", "elementwise_chain")
        share = 1.0
        await screen.shows("recording · ready")


async def test_keys_are_heard_while_a_long_recording_is_read() -> None:
    endless = itertools.cycle(many_cases(1)[-9:-1])
    async with opened(Replay(itertools.chain(many_cases(1), endless), float("inf")), read_only=True) as screen:
        await screen.press("question_mark")
        await screen.shows("esc goes back")


async def test_a_long_recording_is_read_to_its_end_by_a_process_that_is_held_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A one-shot timer of Textual 8.2 never calls back if the clock has passed its time before it first waits."""
    clock = itertools.count(time.monotonic(), 0.002)
    monkeypatch.setattr("textual.timer._time.get_time", lambda: next(clock))
    async with opened(Replay(many_cases(100), float("inf")), read_only=True) as screen:
        await screen.shows("recording · ready")


async def test_export_writes_a_file_and_overwrites_only_after_a_yes(home: Path) -> None:
    file = home / "results.CSV"
    async with opened(replay("matmul"), read_only=True) as screen:
        await screen.shows("recording · ready")
        await export_to(screen, "results.CSV")
        await screen.until(file.exists)
        assert len(list(csv.DictReader(file.open(newline="")))) == 3
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))

        file.write_text("precious")
        await export_to(screen, "results.CSV")
        await screen.shows("results.CSV exists and is no earlier CSV export. Overwrite")
        await screen.press("enter")  # the focus is on Back
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))
        assert file.read_text() == "precious"

        await export_to(screen, "results.CSV")
        await screen.shows("no earlier CSV export. Overwrite")
        await screen.pilot.click("#overwrite")
        await screen.until(lambda: file.read_text() != "precious")


async def test_before_a_run_there_is_a_picture_to_take_and_nothing_else(home: Path) -> None:
    stage = Stage(*LOADED)
    async with opened(stage) as screen:
        for key, words in NOTHING_YET.items():
            await screen.press(key)
            await screen.shows(words)
        await screen.press("p", "n")
        await screen.app.screen.run_action("screenshot")
        await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
        await screen.press("enter")
        await screen.until(lambda: not isinstance(screen.app.screen, ExportScreen))
        assert "matmul" in (home / "tfjit-screen.svg").read_text(encoding="utf-8")
        await screen.press("r")
        await screen.until(lambda: stage.plans)
        assert (stage.pauses, stage.skipped) == ([], 0)


NOTHING_YET = {
    "d": "There are no figures yet",
    "e": "nothing to export",
    "y": "no verdict to copy",
    "c": "nothing to compare yet",
}
"""Keys that need a result, and what is said without one."""


async def test_of_a_recording_the_verdict_can_be_copied_and_nothing_measured(home: Path) -> None:
    async with opened(replay("matmul"), read_only=True) as screen:
        await screen.shows("recording · ready")
        await screen.press("y")
        await screen.shows("Copied to the clipboard")
        text = (home / "state" / "verdict.txt").read_text(encoding="utf-8")
        assert text == screen.app.clipboard
        assert "TensorFlow 2." in text
        assert text.splitlines()[-1] == "tfjit-tui run --preset seed --budget 1.5 --far python3"
        await screen.press("r")
        await screen.shows("This is a recording")


async def export_to(screen: Screen, path: str) -> None:
    await screen.press("e")
    await screen.until(lambda: isinstance(screen.app.screen, ExportScreen))
    screen.app.screen.query_one("#path", Input).value = path
    await screen.press("enter")


async def test_recordings_are_read_as_they_were_written() -> None:
    assert {event.kind for event in recorded("matmul")} >= {"hello", "round", "estimate", "case_finished"}


async def test_leaving_before_the_screen_is_complete_is_no_error() -> None:
    app = TfjitApp(Stage(*LOADED))
    async with app.run_test():
        app.exit()
    assert app.return_code == 0


@pytest.mark.slow
async def test_r_counts_from_the_first_frame_on() -> None:
    stage = Stage()
    app = TfjitApp(stage)
    async with running(app) as screen:
        await screen.press("r")
        await screen.until(lambda: stage.plans)


async def test_two_keys_at_once_close_one_dialog_and_open_one_palette() -> None:
    async with opened(Stage(*NO_MODE_WINS)) as screen:
        for _ in range(2):
            screen.app.action_command_palette()
        await screen.shows("Measure by itself")
        palette = screen.app.screen
        assert isinstance(palette, Palette)
        for _ in range(2):
            palette.dismiss()
        screen.app.action_command_palette()
        await screen.until(lambda: isinstance(screen.app.screen, Palette))
        await screen.press("escape")
        await screen.until(lambda: type(screen.app.screen) is MainScreen)
