"""Which cases of two sessions are compared."""

from __future__ import annotations

from dataclasses import replace

from bench.analysis.comparison import changes_of
from bench.analysis.pairing import pair_cases
from bench.events import CaseFinished, CaseStarted, Event, ModeFailed, PlanStarted
from bench.plan import Case, Plan
from bench.runtime import Runtime
from bench.session.session import Session
from tests.examples import MATMUL, session_events, settled_events

XLA = replace(MATMUL, modes=("xla",))


def session_of(*cases: Case, latency_s: float = 0.01, names: str = "") -> Session:
    """A session in which these were measured one after another."""
    events: list[Event] = session_events({})[:3]
    ids = tuple(f"{names}{number}" for number in range(1, len(cases) + 1))
    events.append(PlanStarted(plan=Plan(cases), case_ids=ids))
    for case_id, case in zip(ids, cases, strict=True):
        one = settled_events(dict.fromkeys(case.modes, (latency_s,) * 3), case=case)[4:-1]
        events += [replace(event, case_id=case_id) for event in one]  # type: ignore[call-arg]
    return Session(events)


SMALL = replace(XLA, dims=(("m", 8), ("k", 8), ("n", 8)))


def ids(a: Session, b: Session) -> list[tuple[str, str]]:
    return [
        (pair.before.case_id if pair.before else "", pair.after.case_id if pair.after else "")
        for pair in pair_cases(a, b)
    ]


def test_cases_are_paired_by_what_they_measured_in_the_order_of_the_second_session() -> None:
    a = session_of(XLA, SMALL, replace(XLA, dtype="bfloat16"), names="a")
    b = session_of(SMALL, XLA, replace(XLA, runtime=Runtime(onednn=False)), names="b")
    assert ids(a, b) == [("a2", "b1"), ("a1", "b2"), ("", "b3"), ("a3", "")]


def test_the_order_of_dimensions_and_the_modes_that_were_asked_for_make_no_other_case() -> None:
    turned = replace(MATMUL, dims=tuple(reversed(MATMUL.dims)))
    assert ids(session_of(XLA), session_of(turned)) == [("1", "1")]


def test_of_repeated_cases_the_latest_with_figures_counts() -> None:
    a, b = session_of(XLA, XLA, names="a"), session_of(XLA, XLA, names="b")
    assert ids(a, b) == [("a2", "b2")]
    again = PlanStarted(plan=Plan((XLA,)), case_ids=("b3",))
    for event in (again, CaseFinished(case_id="b3", cancelled=True)):
        b.apply(event)
    assert ids(a, b) == [("a2", "b2")]


def test_the_latest_case_decides_in_each_mode() -> None:
    """A case that is measured again in fewer modes hides none that it does not have."""
    graph, xla = replace(MATMUL, modes=("eager", "graph")), replace(MATMUL, modes=("eager", "xla"))
    a, b = session_of(graph, xla, names="a"), session_of(graph, xla, latency_s=0.02, names="b")
    assert [(pair.before, pair.after) for pair in pair_cases(a, b)] == [
        (a.cases["a2"], b.cases["b2"]),
        (a.cases["a1"], b.cases["b1"]),
    ]
    told = [[(each.mode, each.verdict) for each in changes_of(pair, 0.02)] for pair in pair_cases(a, b)]
    assert told == [[("eager", "slower"), ("xla", "slower")], [("graph", "slower")]]
    (alone, rest) = pair_cases(a, Session())
    assert [each.mode for pair in (alone, rest) for each in changes_of(pair, 0.02)] == ["eager", "xla", "graph"]


def test_a_mode_that_was_cancelled_hides_no_earlier_result_and_one_that_failed_does() -> None:
    both = replace(MATMUL, modes=("graph", "xla"))
    a, b = session_of(both, names="a"), session_of(both, names="b")
    b.apply(PlanStarted(plan=Plan((both,)), case_ids=("b2",)))
    b.apply(CaseStarted(case_id="b2"))
    b.apply(ModeFailed(case_id="b2", mode="graph", status="unsupported", error="op Lu"))
    b.apply(CaseFinished(case_id="b2", cancelled=True))
    told = {each.mode: each for pair in pair_cases(a, b) for each in changes_of(pair, 0.02)}
    assert (told["graph"].verdict, told["graph"].why) == ("unclear", "it could not run after: op Lu")
    assert told["xla"].verdict == "same"


def test_far_sides_may_be_called_otherwise() -> None:
    old, new = replace(XLA, far="tf218"), replace(XLA, far="tf221")
    assert ids(session_of(old, new), session_of(old, new)) == [("1", "1"), ("2", "2")]
    assert ids(session_of(XLA), session_of(old, new)) == [("1", "1"), ("1", "2")]
    assert ids(session_of(old), session_of(new)) == [("1", "1")]


def test_of_a_case_that_one_side_has_alone_nothing_can_be_told() -> None:
    (alone,) = pair_cases(session_of(SMALL), Session())
    (told,) = changes_of(alone, 0.02)
    assert (told.mode, told.after_s, told.ratio, told.why) == ("xla", None, None, "this was not measured after")
