"""Where along a sweep the mode to use changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.analysis.crossover import Sweeps, conclusions, crossover
from bench.analysis.verdict import Choice, choose
from bench.events import PairEstimate
from bench.plan import Case
from bench.plans.sweep import Axis, parse_axis
from bench.session.results import CaseResult
from tests.examples import compared, first_case, session_events

SIZES = parse_axis("size=16..1024")
"""More than most of these cases cover."""

TWO = ("graph", "xla")

FASTER = compared("x/g", 0.5, 0.48, 0.52, "faster", 10)
SAME = compared("x/g", 1.0, 0.99, 1.01, "same")
SLOWER = compared("x/g", 2.0, 1.9, 2.1, "slower")
UNCLEAR = compared("x/g", 1.0, 0.8, 1.2, "unclear")


def measured(
    verdicts: Mapping[int, PairEstimate], sweep: str | tuple[str, ...] = "size=16..1024", dtype: str = "float32"
) -> list[CaseResult]:
    """Graph and XLA at some sizes; XLA costs a second beyond graph's tenth, at each."""
    return [
        first_case(
            session_events(
                {"graph": 0.01, "xla": 0.01},
                pair,
                case=Case("elementwise_chain", (("size", size), ("length", 60)), dtype, modes=TWO),
                one_off_s={"graph": 0.1, "xla": 1.0},
                sweep=(sweep,) if isinstance(sweep, str) else sweep,
            )
        )
        for size, pair in verdicts.items()
    ]


def along(cases: Sequence[CaseResult]) -> str:
    """What is concluded of a sweep over just these sizes."""
    return crossover(cases, Axis(("size",), tuple(dict(case.case.dims)["size"] for case in cases)))


def test_the_mode_to_use_changes_between_two_sizes() -> None:
    cases = measured({16: SLOWER, 32: SAME, 64: FASTER, 128: FASTER})
    assert along(cases) == ("Use graph up to size=32 and XLA from size=64; compiling the four shapes costs 2.2 s.")


def test_a_mode_that_is_best_throughout_is_named_once() -> None:
    assert along(measured({16: FASTER, 32: FASTER})) == "Use XLA throughout; compiling the two shapes costs 2 s."


def test_nothing_is_said_of_sizes_that_were_not_measured() -> None:
    alone, change = measured({16: FASTER, 32: FASTER}), measured({16: SLOWER, 32: FASTER, 64: FASTER})
    assert crossover(alone, SIZES).startswith("Use XLA at size=16 to 32;")
    assert crossover(change, SIZES).startswith("Use graph up to size=16 and XLA at size=32 to 64;")


def test_what_cannot_be_told_widens_the_bracket_and_moves_no_end() -> None:
    cases = measured({16: SLOWER, 32: UNCLEAR, 64: FASTER})
    told = along(cases)
    assert told.startswith("Use graph up to size=16 and XLA from size=64; at size=32 it cannot be told;")


def test_a_stretch_between_is_told_by_its_ends() -> None:
    cases = measured({16: FASTER, 32: SLOWER, 64: SLOWER, 128: FASTER})
    assert along(cases).startswith("Use XLA up to size=16, graph at size=32 to 64 and XLA from size=128;")


def test_the_order_in_which_cases_were_measured_does_not_matter() -> None:
    verdicts = {16: SLOWER, 32: SAME, 64: FASTER}
    backwards = dict(reversed(verdicts.items()))
    assert crossover(measured(backwards), SIZES) == crossover(measured(verdicts), SIZES)


def test_sizes_given_in_another_order_are_told_in_their_own() -> None:
    cases = measured({64: FASTER, 32: SAME, 16: SLOWER}, "size=64,32,16")
    assert crossover(cases, parse_axis("size=64,32,16")).startswith("Use graph up to size=32 and XLA from size=64;")


def test_the_same_sweep_of_something_else_is_another_stretch_and_its_second_time_counts_alone() -> None:
    first = measured({16: SLOWER, 32: FASTER}, "size=16,32")
    again = measured({16: FASTER, 32: FASTER}, "size=16,32")
    more_modes = [replace(case, case=replace(case.case, modes=("eager", "graph", "xla"))) for case in first]
    assert conclusions([*first, *again]) == ["Use XLA throughout; compiling the two shapes costs 2 s."]
    assert len(conclusions([*first, *more_modes])) == 2


def test_what_was_never_measured_or_compared_is_not_called_unclear() -> None:
    (first, cancelled) = measured({16: FASTER, 32: FASTER})
    cancelled = replace(cancelled, state="cancelled", rounds=0)
    assert crossover([first, cancelled], SIZES) == "Use XLA at size=16; compiling its shape costs 1 s."
    assert crossover([replace(first, modes=first.modes[:1])], SIZES) == ""


def test_a_case_that_has_settled_its_own_dtype_is_on_no_axis_of_dtypes() -> None:
    (case,) = measured({16: FASTER}, dtype="float64")
    assert crossover([case], parse_axis("dtype=float32,bfloat16")) == ""


def test_many_values_that_cannot_be_told_are_counted() -> None:
    axis = parse_axis("size=1..20:+1")
    told = crossover(measured({1: FASTER, **dict.fromkeys(range(2, 21), UNCLEAR)}), axis)
    assert "; at size=2, 3, 4, 5, 6 and 14 more it cannot be told;" in told


def test_dtypes_have_no_order() -> None:
    cases = [*measured({16: SLOWER}), *measured({16: FASTER}, dtype="bfloat16")]
    told = crossover(cases, parse_axis("dtype=float32,bfloat16"))
    assert told.startswith("Use graph for float32 and XLA for bfloat16;")


def test_a_setting_is_named_with_its_value() -> None:
    axis = parse_axis("onednn=on,off")
    cases = [*measured({16: SLOWER}), *measured({16: FASTER})]
    placed = [replace(case, case=axis.set(case.case, value)) for case, value in zip(cases, ("on", "off"), strict=True)]
    assert crossover(placed, axis).startswith("Use graph for onednn=on and XLA for onednn=off;")


def test_nothing_is_concluded_where_nothing_can_be_told() -> None:
    assert crossover(measured({16: UNCLEAR, 32: UNCLEAR}), SIZES) == ""
    assert conclusions(measured({16: UNCLEAR})) == []


def test_crossed_axes_have_a_conclusion_for_each_stretch() -> None:
    sweep = ("size=16,32", "dtype=float32,bfloat16")
    cases = [
        *measured({16: SLOWER, 32: FASTER}, sweep),
        *measured({16: FASTER, 32: FASTER}, sweep, "bfloat16"),
    ]
    first, second = conclusions(cases)
    assert first.startswith(
        "elementwise_chain, length=60, float32, CPU:0: Use graph up to size=16 and XLA from size=32;"
    )
    assert second.startswith("elementwise_chain, length=60, bfloat16, CPU:0: Use XLA throughout;")


def test_cases_that_are_no_sweep_conclude_nothing() -> None:
    assert conclusions([first_case(session_events({"graph": 0.01}))]) == []


@pytest.mark.parametrize("count", [1, 13])
def test_shapes_are_counted_in_words_as_far_as_twelve(count: int) -> None:
    axis = parse_axis(f"size=1..{count}:+1")
    told = crossover(measured(dict.fromkeys(range(1, count + 1), FASTER)), axis)
    assert ("compiling its shape costs" if count == 1 else "compiling the 13 shapes costs") in told


VERDICTS = [FASTER, SLOWER, UNCLEAR]


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(VERDICTS)), min_size=1, max_size=20))
def test_what_is_kept_up_as_cases_end_is_what_comes_of_all_of_them_at_once(
    ended: list[tuple[int, PairEstimate]],
) -> None:
    cases = [measured({size: pair}, "size=1..9:+1")[0] for size, pair in ended]
    sweeps, axis = Sweeps(), parse_axis("size=1..9:+1")
    for case in cases:
        sweeps.take(case)
    latest = {case.case.dims: case for case in cases}
    assert sweeps.all_conclusions() == [told for told in [crossover(latest.values(), axis)] if told]


def test_each_end_of_a_case_asks_for_one_choice_however_many_cases_there_are() -> None:
    asked: list[CaseResult] = []

    def counted(case: CaseResult) -> Choice:
        asked.append(case)
        return choose(case)

    cases, sweeps = measured(dict.fromkeys(range(1, 51), FASTER), "size=1..50:+1"), Sweeps(counted)
    for number, case in enumerate(cases, 1):
        sweeps.take(case)
        assert len(list(sweeps.conclusions(case.plan.sweep))) == 1
        assert len(asked) == number


def test_a_mode_that_changes_from_one_size_to_the_next_is_not_told_size_by_size() -> None:
    verdicts = {size: FASTER if size % 2 else SLOWER for size in range(1, 21)}
    told = crossover(measured(verdicts), parse_axis("size=1..20:+1"))
    assert told.startswith("Use XLA up to size=1 and graph from size=20; between them it changes 19 times;")


def test_a_sweep_has_ended_once_all_of_its_cases_have() -> None:
    sweeps = Sweeps()
    first, second = (replace(case, case_id=str(number)) for number, case in enumerate(measured({16: FASTER, 32: SAME})))
    for case in (first, replace(second, state="running")):
        sweeps.take(case)
    assert not sweeps.has_ended(first.plan.sweep)
    sweeps.take(second)
    assert sweeps.has_ended(first.plan.sweep)
