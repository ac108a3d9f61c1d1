"""Coloured text in few bytes."""

from __future__ import annotations

from tui.widgets.drawing.colour_runs import in_few_runs

RED, BLUE, PLAIN = "\x1b[31m", "\x1b[34m", "\x1b[0m"


def runs(ansi: str) -> list[str]:
    content = in_few_runs(ansi)
    return [content.plain[span.start : span.end] for span in content.spans]


def test_blanks_are_in_the_colour_of_what_stands_before_them() -> None:
    ansi = f"┤  {RED}e{PLAIN}  {BLUE}g{PLAIN} x"
    assert in_few_runs(ansi).plain == "┤  e  g x"
    assert runs(ansi) == ["e  ", "g "]


def test_what_is_coloured_alike_is_one_run() -> None:
    assert runs(f"{RED}e{PLAIN} {RED}e{PLAIN}{RED}e{PLAIN}") == ["e ee"]


def test_a_run_ends_with_its_line() -> None:
    assert runs(f"{RED}e{PLAIN} \n {RED}e{PLAIN}") == ["e ", "e"]
