"""The report tells each decision with its rule and figures, and what was not done; nothing in it acts on its reader."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.gpu.evidence import Evidence
from tests.gpu.misbehaving import works
from tests.gpu.outcomes import DIED, NOT_RUN, OK, Outcome
from tests.gpu.probe import CONFIRMED, REFUTED, Answer, Probe, Rule, Step
from tests.gpu.report import Report, json_text, markdown_text, write
from tests.gpu.scrubbing import scrub_line, scrub_text


def is_large(figures: Evidence) -> Answer:
    size = figures.number("step", "size")
    return Answer(CONFIRMED if size > 1 else REFUTED, f"size {size:.0f}")


PROBES = (
    Probe("sizes", "Measured a size.", (Step("step", works),), (Rule(1, "It is large", "Above 1.", is_large),)),
    Probe("others", "Measured others.", (Step("step", works),), (Rule(0, "They are fine", "Above 1.", is_large),)),
    Probe("on a CPU", "Means nothing here.", (Step("step", works),), (), kinds=("CPU",)),
)
DONE = Outcome("sizes", "step", OK, {"size": 2.000001}, seconds=3.0, at="2026-01-02T03:04:05+00:00")
NOT_DONE = Outcome("others", "step", NOT_RUN, error="the time was over before")


def report(*outcomes: Outcome, device: str = "GPU:0") -> Report:
    return Report.of(device, PROBES, outcomes)


def test_a_person_reads_each_decision_its_rule_its_figures_and_what_was_not_done() -> None:
    text = markdown_text(report(DONE, NOT_DONE))
    assert "| 1 | It is large | confirmed | size 2 |" in text
    assert "- It is large: **confirmed**. Rule: Above 1." in text
    assert "| 0 | They are fine | cannot tell | no size: step was not run |" in text
    assert '     "size": 2.0' in text
    assert "- others, step: not run: the time was over before" in text
    assert "- 2: `predict` and eager ops without a GPU kernel fail" in text  # no probe of these decides it
    assert "Means nothing here" not in text
    assert "rehearsal" not in text


def test_a_program_reads_the_same() -> None:
    told = json.loads(json_text(report(DONE, NOT_DONE)))
    assert (told["version"], told["device"], told["rehearsal"], told["complete"]) == (1, "GPU:0", False, False)
    assert [(each["finding"], each["verdict"]) for each in told["decisions"]] == [(1, CONFIRMED), (0, "cannot tell")]
    assert told["decisions"][0]["rule"] == "Above 1."
    assert told["steps"][0]["figures"] == {"size": 2.000001}
    assert told["untried"] == list(range(2, 19))


def test_what_ran_on_no_gpu_is_called_a_rehearsal() -> None:
    rehearsal = report(device="CPU:0")
    assert "A rehearsal" in markdown_text(rehearsal)
    assert json.loads(json_text(rehearsal))["rehearsal"] is True


@pytest.mark.parametrize(("outcome", "complete"), [(DONE, True), (NOT_DONE, False)])
def test_a_report_is_complete_if_every_step_ended_well(outcome: Outcome, complete: bool) -> None:
    assert report(outcome).is_complete is complete


HOSTILE = "\x1b[2J\u202e | <b>`~~~\n# @everyone"


def test_what_a_step_says_acts_neither_on_a_terminal_nor_as_markup() -> None:
    hostile = report(
        Outcome("sizes", "step", DIED, {HOSTILE: HOSTILE, "size": HOSTILE}, HOSTILE, at=HOSTILE),
        Outcome("others", "step", OK, {"size": 1}, at="now"),
    )
    markdown = markdown_text(hostile)
    for text in (markdown, json_text(hostile)):
        assert not {"\x1b", "\u202e"} & set(text)
    outside_code = [line for line in markdown.splitlines() if not line.startswith("    ")]
    assert not any(line.startswith("# @") for line in outside_code)
    assert not any("<b>" in line.replace("\\<b\\>", "") or "@everyone" in line for line in outside_code)
    assert json.loads(json_text(hostile))["steps"][0]["figures"]["size"] == HOSTILE


def test_one_archive_holds_the_report_and_the_session(tmp_path: Path) -> None:
    place = tmp_path / "GPU-0"
    place.mkdir()
    (place / "session.jsonl").write_text("{}\n", encoding="utf-8")
    paths = write(report(DONE), place)
    assert write(report(DONE), place) == paths  # a second start replaces them
    assert [path.name for path in paths] == ["report.md", "report.json", "session.jsonl", "gpu-report.zip"]
    with zipfile.ZipFile(paths[-1]) as archive:
        assert archive.namelist() == ["report.md", "report.json", "session.jsonl"]


def test_texts_lose_directories_uuids_and_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.gpu.scrubbing._own_names", lambda: (("node17", "box"), ("alice", "user")))
    said = "alice ran /home/alice/venv/lib/op.py on node17, GPU-01234567-89ab-cdef-0123-456789abcdef; node170 /job:x"
    assert scrub_text(said) == "user ran op.py on box, GPU-0; node170 /job:x"


def test_a_line_of_a_session_keeps_its_names_of_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.gpu.scrubbing._own_names", lambda: (("kind", "user"),))
    line = scrub_line('{"kind":"notice","text":"kind of /tmp/x/log","parts":[["kind",1.5]]}')
    assert line == '{"kind":"notice","text":"user of log","parts":[["user",1.5]]}'
