"""What was found to work where: kept, found again, and tried again once it may be otherwise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bench.analysis.support import Ending, Place, Support, SupportFile, code_of, in_words, place_of, support_of, trial
from bench.catalogue import WORKLOADS, find
from bench.plan import Case
from bench.session.session import Session
from tests.examples import STRINGS, first_case, session_events

HERE = Place("2.21.0", "A Processor")


def found(workload: str, place: Place = HERE, code: str | None = None) -> Support:
    endings = (Ending("eager", "ok"), Ending("xla", "unsupported", "op AsString"))
    return Support(place, workload, code or code_of(find(workload)), endings)


def test_a_case_that_has_ended_shows_how_each_mode_did() -> None:
    session = Session(STRINGS)
    place = place_of(session, "CPU:0")
    support = support_of(first_case(STRINGS), find("matmul"), place)
    assert place == HERE
    assert support is not None
    assert [(ending.mode, ending.status) for ending in support.endings] == [
        ("eager", "ok"),
        ("graph", "ok"),
        ("xla", "unsupported"),
    ]
    assert support.troubles == (Ending("xla", "unsupported", "op AsString"),)


def test_a_case_that_was_cancelled_shows_nothing() -> None:
    case = replace(first_case(session_events({"eager": 0.01})), state="cancelled")
    assert support_of(case, find("matmul"), HERE) is None


def test_a_device_without_a_makers_name_goes_by_its_own() -> None:
    assert place_of(Session(STRINGS), "GPU:1") == Place("2.21.0", "GPU:1")


def test_what_was_found_is_known_in_that_place_and_of_that_code_alone(tmp_path: Path) -> None:
    path = tmp_path / "support.json"
    elsewhere = Place("2.18.0", "A Processor")
    SupportFile(path).keep([found("matmul"), found("lstm", elsewhere), found("gru", code="older")])
    SupportFile(path).keep([found("softmax")])
    file = SupportFile(path)
    assert set(file.known(HERE, WORKLOADS.values())) == {"matmul", "softmax"}
    assert file.known(HERE, WORKLOADS.values())["matmul"] == found("matmul")
    assert set(file.known(elsewhere, WORKLOADS.values())) == {"lstm"}
    assert file.trouble == ""


def test_a_file_that_cannot_be_read_says_so_and_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "support.json"
    path.write_text("[{")
    file = SupportFile(path)
    assert file.trouble.startswith(f"{path} is ignored: ")
    assert not file.known(HERE, WORKLOADS.values())
    file.keep([found("matmul")])
    assert set(SupportFile(path).known(HERE, WORKLOADS.values())) == {"matmul"}


def test_everything_is_tried_at_its_least_size() -> None:
    plan = trial([find("matmul"), find("lstm")], "GPU:0")
    assert plan.cases[0] == Case("matmul", (("m", 1), ("k", 1), ("n", 1)), device="GPU:0")
    assert [case.workload for case in plan.cases] == ["matmul", "lstm"]


def test_what_does_not_work_is_said_in_words() -> None:
    assert in_words(found("matmul")) == "XLA cannot compile it (op AsString)"
    endings = Ending("graph", "out_of_memory", "no room"), Ending("xla", "wrong", "off by 3")
    assert in_words(replace(found("matmul"), endings=endings)) == (
        "graph runs out of memory; XLA comes out wrong (off by 3)"
    )
    assert in_words(replace(found("matmul"), endings=(Ending("eager", "ok"),))) == "it works in every mode"


def test_the_place_of_what_was_found_last_is_known(tmp_path: Path) -> None:
    file = SupportFile(tmp_path / "support.json")
    assert file.latest is None
    elsewhere = Place("2.18.0", "A Processor")
    for place in (HERE, elsewhere, HERE):
        file.keep([found("matmul", place)])
    assert file.latest == HERE
    assert SupportFile(tmp_path / "support.json").latest == HERE
