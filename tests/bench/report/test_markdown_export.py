"""Results as Markdown: what a reader on GitHub sees."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.events import PlanFinished
from bench.report.earlier_export import marked
from bench.report.markdown_export import MOST_SECTIONS, UNSEEN, escaped, fenced, markdown_text, table
from bench.session.session import Session
from tests.examples import NO_MODE_WINS, STRINGS, THREE_MODES, many_cases, session_events, sweep_events

HOSTILE = st.text(st.sampled_from(string.punctuation + " a1_\n\t\0é"), max_size=30)


def test_a_case_is_a_heading_the_verdict_a_table_and_the_command_that_repeats_it() -> None:
    assert markdown_text(Session(NO_MODE_WINS)) == marked(
        "### matmul · m=1024 k=1024 n=1024 · float32 · CPU:0\n"
        "\n"
        "**Do not use XLA here: each call takes 7 % more time than eager's (likely range 5-9 %).** "
        "Graph makes no difference: its time is within 2 % of eager's (likely range −0.5 to +1.2 %).\n"
        "\n"
        "| mode | per call | likely range | vs eager | pays after | first call |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| eager | 24.2 ms | 24.0-24.4 ms |  |  | 24.2 ms |\n"
        "| graph | 24.6 ms | 24.4-24.8 ms | 1.00× | never | 125 ms |\n"
        "| xla | 26 ms | 25.7-26.3 ms | 0.93× | never | 4.13 s |\n"
        "\n"
        "Measured again by\n"
        "\n"
        "```\n"
        "tfjit-tui run matmul\n"
        "```\n"
        "\n"
        "TensorFlow 2.21.0, numpy 2.1.0, Python 3.12.1  \n"
        "host: box (Linux)  \n"
        "device: CPU:0 (A Processor)\n"
    )


def test_what_failed_has_its_reason_in_the_table() -> None:
    assert "| xla | – |  |  |  |  | unsupported: op AsString |" in markdown_text(Session(STRINGS))


def test_the_command_reaches_the_far_side_again() -> None:
    assert "tfjit-tui run matmul --far 'ssh box python3'" in markdown_text(
        Session(NO_MODE_WINS), ("--far", "ssh box python3")
    )


def test_a_case_under_way_is_said_to_be() -> None:
    assert "**So far: Do not use XLA here" in markdown_text(Session(NO_MODE_WINS[:-2]))


def test_a_sweep_begins_with_what_it_shows() -> None:
    text = markdown_text(Session([*sweep_events(10, 100, 1000), PlanFinished()]))
    assert text.startswith("**Use graph up to size=10 and XLA from size=100; compiling the three shapes costs 8.3 s.**")


def test_many_cases_are_one_table() -> None:
    text = markdown_text(Session(many_cases(MOST_SECTIONS + 1)))
    assert "###" not in text
    assert "21 cases, all of elementwise_chain, float32, CPU:0:" in text
    assert len([line for line in text.splitlines() if line.startswith("| size=")]) == MOST_SECTIONS + 1
    assert "### " in markdown_text(Session(many_cases(MOST_SECTIONS)))


def test_nothing_measured_shows_as_nothing() -> None:
    assert markdown_text(Session()) == marked("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("`op` <b>", r"\`op\` \<b\>"),
        ("one\ntwo\0\x1b[0m", r"one two\\x00\\x1b\[0m"),
        ("elementwise_chain 18.4 µs", "elementwise_chain 18.4 µs"),
        ("__init__", r"\_\_init\_\_"),
        ("1. no list", r"1\. no list"),
        ("- no list", r"\- no list"),
        ("@tf.function", f"@{UNSEEN}tf.function"),
    ],
)
def test_a_text_shows_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_no_cell_ends_its_cell_or_its_row(cells: list[str]) -> None:
    header, _, row = table([tuple("m" for _ in cells), tuple(f"x{cell}" for cell in cells)]).split("\n")
    bars = re.compile(r"(?<!\\)(?:\\\\)*\|")
    assert len(bars.findall(row)) == len(bars.findall(header)) == len(cells) + 1


@given(HOSTILE)
def test_no_markup_is_left_unescaped(text: str) -> None:
    assert re.search(r"[`*\[\]<>|~#$]", re.sub(r"\\.", "", escaped(text))) is None


@given(st.text("`\na"))
def test_nothing_within_a_block_of_code_ends_it(text: str) -> None:
    fence, *_, last = fenced(text).split("\n")
    assert fence == last
    assert fence not in text


def test_a_name_of_the_users_own_is_text() -> None:
    events = session_events(THREE_MODES, failed={"xla": ("failed", "|| `<script>`\n# heading")})
    text = markdown_text(Session(events))
    assert r"failed: \|\| \`\<script\>\` \# heading |" in text
    assert "\n# heading" not in text
