"""The HTML report as a browser takes it: whole, loading nothing, and legible."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.events import Event, PlanFinished, Round, Visit
from bench.plan import MODES, Case
from bench.report.html_export import MOST_SECTIONS, html_text
from bench.session.journal_reader import read
from bench.session.session import Session
from tests.examples import (
    NO_MODE_WINS,
    STRINGS,
    THREE_MODES,
    explained,
    many_cases,
    rounds,
    session_events,
    suspicious,
    sweep_events,
)
from tests.paths import RECORDINGS

EMPTY_ELEMENTS = {"meta", "br", "hr", "img", "link", "input"}

LOADING = {"src", "href", "srcset", "data", "action", "poster", "background", "xlink:href"}
"""Attributes by which a page fetches something."""

SNARES = ("<script>", "</svg>", "</style>", "-->", '"', "'", "<", "&", "&lt;", "{{", "{%", "\x1b", "http://x", "\ud800")

HOSTILE = st.lists(st.sampled_from(SNARES) | st.text(max_size=3), max_size=6).map("".join)


class Page(HTMLParser):
    """A page in parts; an element that is not closed where it should be is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.style = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY_ELEMENTS:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.text += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def pictures(text: str) -> Iterator[ET.Element]:
    """The inline pictures, read as XML."""
    for picture in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        yield ET.fromstring(picture)


def of_events(*events: Event) -> str:
    return html_text(Session(events))


EXPLAINED = session_events(
    THREE_MODES,
    failed={"xla": ("failed", "an <error>")},
    beside=[*rounds(THREE_MODES, 60, discarded=3), *explained(), suspicious("graph")],
)

SWEPT = [*sweep_events(10, 100, 1000), PlanFinished()]

RECORDED = {name: list(read(RECORDINGS / f"{name}.jsonl").events) for name in ("matmul", "tour", "failures")}

SESSIONS: dict[str, list[Event]] = {
    "plain": NO_MODE_WINS,
    "failing": STRINGS,
    "explained": EXPLAINED,
    "sweep": SWEPT,
    "nothing": [],
    **RECORDED,
}

every_session = pytest.mark.parametrize("events", SESSIONS.values(), ids=SESSIONS)


@every_session
def test_it_loads_nothing_and_runs_nothing(events: list[Event]) -> None:
    text = of_events(*events)
    page = Page(text)
    assert not LOADING & {name for _, attributes in page.elements for name in attributes}
    assert not {name for _, attributes in page.elements for name in attributes if name.startswith("on")}
    assert {"script", "link", "img", "iframe", "object", "base"}.isdisjoint(tag for tag, _ in page.elements)
    assert not re.search(r"@import|url\(|http:|https:|//", text)


@every_session
def test_its_pictures_are_whole_and_say_what_they_are(events: list[Event]) -> None:
    for picture in pictures(of_events(*events)):
        if picture.get("aria-hidden") != "true":
            assert picture.get("role") == "img"
            assert picture.findtext("title")
            assert picture.findtext("desc")


@every_session
def test_its_tables_have_headings_throughout(events: list[Event]) -> None:
    text = of_events(*events)
    for table in re.findall(r"<table>.*?</table>", text, re.DOTALL):
        parsed = ET.fromstring(table)
        headings = parsed.findall("thead/tr/th")
        assert parsed.find("caption/span") is not None
        assert all(heading.get("scope") == "col" and heading.text for heading in headings)
        for row in parsed.findall("tbody/tr"):
            assert [cell.tag for cell in row] == ["th"] + ["td"] * (len(headings) - 1)


def test_it_begins_with_what_came_out() -> None:
    _, _, body = of_events(*NO_MODE_WINS).partition("</h1>")
    assert body.lstrip().startswith(
        '<p class="lead">Do not use XLA here: each call takes 7 % more time than eager&#39;s'
    )
    swept = Page(of_events(*SWEPT)).text
    assert "Of 3 cases: best is graph in 1, XLA in 2." in swept
    assert "Use graph up to size=10 and XLA from size=100; compiling the three shapes costs 8.3 s." in swept


def test_a_case_has_its_figures_its_surroundings_and_the_command_that_repeats_it() -> None:
    text = Page(of_events(*NO_MODE_WINS)).text
    for told in ("24.4-24.8 ms", "4.13 s", "A Processor", "TensorFlow 2.21.0", "tfjit-tui run matmul", "2027-01-15T08"):
        assert told in text


def test_what_failed_and_what_is_doubtful_is_told_beside_the_others() -> None:
    text = Page(of_events(*STRINGS)).text
    assert "(unsupported)" in text
    assert "unsupported: op AsString" in text
    text = Page(of_events(*EXPLAINED)).text
    assert "(failed)" in text
    assert "(suspicious)" in text
    assert "failed: an <error>" in text
    assert "Dashed: warm-up, not counted; shaded: disturbed, counted." in text


def test_bars_share_a_scale_on_which_the_longest_ends() -> None:
    bars = [picture for picture in pictures(of_events(*NO_MODE_WINS)) if picture.get("class", "").startswith("bar")]
    widths = [float(bar.findall("rect")[1].get("width", "")) for bar in bars]
    assert widths == pytest.approx([100 * time_s / (1.01 * 0.026) for time_s in THREE_MODES.values()], abs=0.01)


def test_rounds_that_do_not_count_look_otherwise() -> None:
    void = Round(case_id="1", index=60, visits=(Visit("graph", 0.9, 1, compilations=1),))
    beside = [*rounds(THREE_MODES, 60, discarded=3), void, *explained()]
    trace = next(
        picture
        for picture in pictures(of_events(*session_events(THREE_MODES, beside=beside)))
        if picture.get("class") == "trace m-graph"
    )
    warm_up, counted = trace.findall("polyline")
    assert len(warm_up.get("points", "").split()) == 3
    assert len(counted.get("points", "").split()) == 57
    assert len(trace.findall("rect")) == 2
    assert trace.find("line") is not None


def test_of_many_rounds_some_are_drawn_and_that_is_said() -> None:
    text = of_events(*session_events(THREE_MODES, beside=rounds(THREE_MODES, 1000)))
    assert "One round in 5 is drawn." in Page(text).text
    points = re.findall(r'points="([^"]*)"', text)
    assert points
    assert all(len(each.split()) == 200 for each in points)


def test_a_sweep_is_drawn_with_a_spot_for_each_size() -> None:
    drawn = next(picture for picture in pictures(of_events(*SWEPT)) if picture.get("class") == "sweep")
    graph, xla = drawn.findall("g")
    assert len(graph.findall("circle")) == len(xla.findall("circle")) == 3
    assert {"10", "100", "1,000", "size"} <= {text.text for text in drawn.findall("text")}


def test_of_many_cases_the_first_have_pictures_and_all_are_in_the_table() -> None:
    page = Page(of_events(*many_cases(MOST_SECTIONS + 10)))
    assert page.count("section") == MOST_SECTIONS
    assert "size=60" in page.text
    assert "The first 50 cases have pictures; of 10 more the table of all results tells." in page.text


@pytest.mark.slow
def test_ten_thousand_cases_give_a_file_that_opens() -> None:
    text = of_events(*many_cases(10_000))
    assert len(text) < 3_000_000
    assert text.count("<tr>") > 10_000


@settings(max_examples=60, deadline=None)
@given(HOSTILE.filter(bool), HOSTILE)
def test_what_is_told_is_text_whatever_it_holds(name: str, error: str) -> None:
    case = Case(f"{name}.py::{name}", modes=("eager", "graph"))
    events = session_events({"eager": 0.01}, case=case, failed={"graph": ("failed", error)})
    plain = session_events({"eager": 0.01}, case=replace(case, workload="a.py::b"), failed={"graph": ("failed", "c")})
    text = of_events(*events)
    tags = [tag for tag, _ in Page(text).elements]
    assert tags == [tag for tag, _ in Page(of_events(*plain)).elements]
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", text)
    assert len(list(pictures(text))) > 0


# --- colours ------------------------------------------------------------------------------------------------------


def schemes() -> dict[str, dict[str, str]]:
    """The colours of the light and the dark scheme, by name."""
    light, dark = re.findall(r":root \{(.*?)\}", Page(of_events(*NO_MODE_WINS)).style, re.DOTALL)
    return {
        name: dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for name, block in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_bars_stand_out(scheme: str) -> None:
    colours = schemes()[scheme]
    assert set(MODES) <= set(colours)
    for name in ("text", "quiet", "trouble", *MODES):
        for ground in ("background", "surface"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
