"""Units are measured once, kept whole, and stand in one table only with others of the same machine."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fidelity import __main__ as fidelity
from tests.fidelity.busy import LEVELS, recorded_load
from tests.fidelity.lines import Results, ResultsError, check_alike
from tests.fidelity.machine import Machine
from tests.fidelity.measuring import UnitFailedError, measure_missing
from tests.fidelity.part import Key, Line, Part, Values, group
from tests.fidelity.parts import PARTS
from tests.fidelity.table import table
from tests.fidelity.toy import TOY, end_process, measure, measure_badly

MACHINE = Machine(2, "cpu", 24, "Linux", "3.11", "2.21.0", "8.2.8")


@pytest.fixture(autouse=True)
def on_that_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure on MACHINE, whatever this one is."""
    monkeypatch.setattr(Machine, "here", lambda: MACHINE)


def in_process_by_repeat(part: Part) -> Part:
    return replace(part, process=lambda key: key["repeat"])


def quiet(text: str) -> None:
    pass


def measured(results: Results) -> list[tuple[object, object]]:
    return [(line.key["tool"], line.key["repeat"]) for line in results.of("toy")]


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path)


ALL = [("ours", 0), ("theirs", 0), ("ours", 1), ("theirs", 1)]


def test_every_unit_is_measured_in_order(results: Results) -> None:
    assert measure_missing(TOY, results, say=quiet)
    assert measured(results) == ALL


def test_a_second_run_measures_only_what_is_missing(results: Results) -> None:
    measure_missing(TOY, results, repeats=1, say=quiet)
    before = results.of("toy")
    said: list[str] = []
    measure_missing(TOY, results, say=said.append)
    assert results.of("toy")[:2] == before
    assert measured(results) == ALL
    assert [text.partition(",")[0] for text in said] == ["toy 3/4", "toy 4/4"]


def test_a_run_that_fails_keeps_what_it_had(results: Results) -> None:
    def fail_at_last(key: Key) -> Values:
        return measure_badly(key) if key["repeat"] == 1 else measure(key)

    with pytest.raises(UnitFailedError, match=r"toy, tool ours, repeat 1, budget_s 2\.0: there is no ours"):
        measure_missing(replace(TOY, measure=fail_at_last), results, say=quiet)
    assert measured(results) == ALL[:2]


def test_a_torn_last_line_is_measured_again(results: Results, tmp_path: Path) -> None:
    measure_missing(TOY, results, say=quiet)
    path = tmp_path / "toy.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert measured(results) == ALL[:3]
    measure_missing(TOY, results, say=quiet)
    assert measured(results) == ALL


def test_a_spoilt_line_is_told_with_its_number(results: Results, tmp_path: Path) -> None:
    measure_missing(TOY, results, say=quiet)
    path = tmp_path / "toy.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"repeat":1', b'"repeat":', 1))
    with pytest.raises(ResultsError, match=r"toy\.jsonl, line 3: "):
        results.of("toy")


def test_time_that_is_up_ends_a_run_before_the_next_unit(results: Results) -> None:
    assert not measure_missing(TOY, results, end_at=0.0, say=quiet)
    assert measured(results) == []


def test_a_part_is_prepared_only_where_something_is_missing(results: Results) -> None:
    prepared: list[str] = []
    part = replace(TOY, prepare=lambda: prepared.append("once"))
    measure_missing(part, results, say=quiet)
    measure_missing(part, results, say=quiet)
    assert prepared == ["once"]


def test_units_share_a_process_as_the_part_says(results: Results) -> None:
    measure_missing(in_process_by_repeat(TOY), results, say=quiet)
    by_repeat = {
        repeat: {line.values["process"] for line in lines}
        for (repeat,), lines in group(results.of("toy"), "repeat").items()
    }
    assert [len(processes) for processes in by_repeat.values()] == [1, 1]
    assert len({os.getpid()}.union(*by_repeat.values())) == 3


def test_what_a_process_raises_is_told_with_the_unit(results: Results) -> None:
    part = in_process_by_repeat(replace(TOY, measure=measure_badly))
    with pytest.raises(UnitFailedError, match=r"(?s)toy, tool ours, repeat 0.*ValueError: there is no ours"):
        measure_missing(part, results, say=quiet)


def test_the_end_of_a_process_is_told_with_the_unit(results: Results) -> None:
    part = in_process_by_repeat(replace(TOY, measure=end_process))
    with pytest.raises(UnitFailedError, match=r"toy, tool ours, repeat 0.*it ended with 3"):
        measure_missing(part, results, say=quiet)


def test_a_rehearsal_shortens_budgets_and_is_kept_apart(results: Results) -> None:
    measure_missing(TOY, results, repeats=1, scale=0.05, say=quiet)
    assert [line.values["budget_s"] for line in results.of("toy")] == [0.1, 0.1]
    assert [line.key["budget_s"] for line in results.of("toy")] == [2.0, 2.0]
    with pytest.raises(ResultsError, match="a rehearsal's results are among those of toy"):
        measure_missing(TOY, results, say=quiet)


def line_from(machine: Machine, part: str = "toy") -> Line:
    return Line(part, {"tool": "ours", "repeat": 0}, {}, machine, "2026-01-02T03:04:05+00:00")


def test_results_of_different_machines_are_refused() -> None:
    other = replace(MACHINE, tensorflow="1.15.0")
    message = f"results of bias and toy are from different machines: tensorflow is 1.15.0 and {MACHINE.tensorflow}"
    with pytest.raises(ResultsError) as refused:
        check_alike([line_from(MACHINE), line_from(other, "bias")])
    assert str(refused.value) == message


def test_a_run_does_not_add_to_another_machine_s_results(results: Results) -> None:
    results.append(line_from(replace(MACHINE, cores=MACHINE.cores + 62)))
    with pytest.raises(ResultsError, match="different machines: cores is"):
        measure_missing(TOY, results, say=quiet)


def test_the_table_names_its_machine_and_what_is_missing(results: Results) -> None:
    results.append(line_from(MACHINE))
    assert table([TOY, replace(TOY, name="other")], results).splitlines() == [
        f"Measured on {MACHINE}; 2026-01-02.",
        "",
        "| part | figure | reached | must reach | beside it |",
        "|---|---|---|---|---|",
        r"| `toy` | units of ours | 1 | ≥ 2 | a \| b |",
        "",
        "Incomplete, units measured: `toy` 1 of 4, `other` 0 of 4.",
    ]


def test_a_part_may_read_the_results_of_another(results: Results) -> None:
    results.append(line_from(MACHINE, "first"))
    results.append(line_from(MACHINE, "second"))
    assert "| units of ours | 2 |" in table([replace(TOY, name="second", reads=("first",))], results)


def test_the_command_goes_on_and_begins_anew(tmp_path: Path) -> None:
    toy = fidelity.command("toy", "A toy.", [TOY])
    options = ["--results", str(tmp_path)]
    run = CliRunner().invoke
    assert "Incomplete, units measured: `toy` 2 of 4." in run(toy, [*options, "--repeats", "1"]).stdout
    assert "| units of theirs | 2 |" in run(toy, options).stdout
    assert "| units of theirs | 1 |" in run(toy, [*options, "--repeats", "1", "--fresh"]).stdout
    assert run(toy, ["--rehearse", "0.1"]).exit_code == 2


def test_a_recorded_load_says_for_each_core_how_busy_it_was() -> None:
    cores = recorded_load()
    assert len({len(levels) for levels in cores}) == 1
    assert {level for levels in cores for level in levels} <= {*range(LEVELS)}
    assert all(0 < sum(levels) < len(levels) * (LEVELS - 1) for levels in cores), "it comes and goes"


def test_every_part_has_a_command_beside_that_load_too() -> None:
    assert set(fidelity.busy_main.commands) == set(fidelity.main.commands) - {"busy"}


def test_every_part_has_a_command_of_its_own_name() -> None:
    assert {part.name for part in PARTS} | {"all", "table", "busy"} == set(fidelity.main.commands)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_no_part_asks_for_a_unit_twice(part: Part) -> None:
    keys = [tuple(sorted(key.items())) for key in part.units(part.repeats)]
    assert len(set(keys)) == len(keys) > 0
