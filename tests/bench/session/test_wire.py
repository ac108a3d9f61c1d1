from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.events import (
    EVENTS,
    Device,
    Devices,
    Event,
    GpuState,
    MachineState,
    ModeFailed,
    Notice,
    PlanStarted,
    to_line,
)
from bench.plan import DTYPES, MODES, Case, Effort, Plan
from bench.session.wire import WireError, read_line
from tests.examples import NO_MODE_WINS
from tests.paths import RECORDINGS

finite = st.floats(allow_nan=False, allow_infinity=False)

cases = st.builds(
    Case,
    workload=st.text(min_size=1),
    dims=st.lists(st.tuples(st.text(min_size=1), st.integers(1, 2**40)), max_size=4).map(tuple),
    dtype=st.sampled_from(DTYPES),
    device=st.sampled_from(["CPU:0", "GPU:11"]),
    modes=st.sets(st.sampled_from(MODES), min_size=1).map(tuple),
    seed=st.integers(0, 2**32 - 1),
)

plans = st.builds(
    Plan,
    cases=st.lists(cases, min_size=1, max_size=3).map(tuple),
    effort=st.builds(Effort, budget_s=st.floats(0.1, 60), target=st.floats(0.001, 0.5)),
    calls=st.integers(1, 2**40),
)

EVENT_TYPES = sorted(EVENTS.values(), key=lambda event: event.kind)

EVERY_KIND = pytest.mark.parametrize("event_type", EVENT_TYPES, ids=[event.kind for event in EVENT_TYPES])


@EVERY_KIND
@settings(max_examples=5)
@given(data=st.data())
def test_every_event_survives_the_wire(event_type: type[Event], data: st.DataObject) -> None:
    assert_survives(event_type, data)


@pytest.mark.slow
@EVERY_KIND
@settings(max_examples=100)
@given(data=st.data())
def test_every_event_survives_the_wire_in_more_examples(event_type: type[Event], data: st.DataObject) -> None:
    assert_survives(event_type, data)


def assert_survives(event_type: type[Event], data: st.DataObject) -> None:
    """Write an event of the type and read it again, from text and from bytes."""
    st.register_type_strategy(float, finite)
    event = data.draw(st.builds(event_type, plan=plans) if event_type is PlanStarted else st.from_type(event_type))
    line = to_line(event)
    assert "\n" not in line
    assert read_line(line) == event
    assert read_line(line.encode()) == event


def test_a_session_survives_the_wire() -> None:
    assert [read_line(to_line(event)) for event in NO_MODE_WINS] == NO_MODE_WINS


@pytest.mark.parametrize("name", ["matmul", "failures"])
def test_a_line_that_is_spaced_or_ordered_otherwise_is_the_same_event(name: str) -> None:
    for line in (RECORDINGS / f"{name}.jsonl").read_bytes().splitlines():
        fields = json.loads(line)
        reordered = {key: fields[key] for key in reversed(fields)}
        assert read_line(line) == read_line(json.dumps(fields)) == read_line(json.dumps(reordered).encode())


def test_what_a_newer_version_adds_is_ignored() -> None:
    assert read_line('{"kind":"notice","at":1.0,"text":"hello","colour":"red"}') == Notice(at=1.0, text="hello")
    assert read_line('{"kind":"of_tomorrow","text":7}') is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "not JSON"),
        ("Last login: yesterday", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ('{"kind":"notice","text":"cut', "not JSON"),
        ("[" * 10_000, "no kind"),
        ('{"kind":' + "[" * 10_000, "no kind"),
        ('{"kind":"notice","text":' + "[" * 10_000, "not JSON"),
        ('{"kind":"of_tomorrow","text":' + "[" * 10_000, "not JSON"),
        ("[]", "no kind"),
        ('{"text":"hello"}', "no kind"),
        ('{"kind":7}', "no kind"),
        ('{"kind":"notice"}', "notice: .*missing required field `text`"),
        ('{"kind":"notice","text":7}', "notice: Expected `str`"),
        ('{"kind":"plan_started","plan":{"cases":[]},"case_ids":[]}', "a plan needs at least one case"),
        ('{"kind":"case_started","case_id":"1","at":NaN}', "not JSON"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_line_that_is_no_event_is_told_in_one_line(line: str | bytes, words: str) -> None:
    with pytest.raises(WireError, match=words) as error:
        read_line(line)
    assert "\n" not in str(error.value)


@given(st.binary(max_size=60))
def test_no_bytes_are_taken_for_an_event(line: bytes) -> None:
    with pytest.raises(WireError):
        read_line(line)


@pytest.mark.parametrize("at", [float("nan"), float("inf")])
def test_what_is_not_finite_is_never_written(at: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_line(Notice(at=at, text=""))


def test_a_name_with_stray_bytes_can_be_read_again() -> None:
    event = ModeFailed(case_id="1", mode="xla", status="failed", error="caf\udce9.py:3")
    assert read_line(to_line(event)) == replace(event, error="caf?.py:3")


def test_devices_of_a_session_before_there_were_facts_of_gpus_are_read() -> None:
    line = '{"kind":"devices","at":1.0,"far":"","devices":[{"name":"GPU:0","hardware":"NVIDIA H100"}]}'
    assert read_line(line) == Devices(at=1.0, devices=(Device("GPU:0", "NVIDIA H100"),))
    state = '{"kind":"machine_state","at":1.0,"case_id":"1","rounds":3,"gpu":{"uuid":"GPU-1","other_processes":2}}'
    assert read_line(state) == MachineState(at=1.0, case_id="1", rounds=3, gpu=GpuState("GPU-1", other_processes=2))
