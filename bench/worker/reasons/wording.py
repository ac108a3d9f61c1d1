"""Say a message in one line: short, printable, and without the values of arrays."""

from __future__ import annotations

import re

from ...printable import on_one_line

MOST_CHARACTERS = 300

LONGEST_READ = 20_000
"""Characters from which a line is made."""

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ARRAY = re.compile(r", numpy=\s*(?:array\()?\[.{0,2000}?\](?:, dtype=\w+)?\)?(?=>)|, numpy=[^\s>]*(?=>)", re.DOTALL)
NODE = re.compile(r"\{\{node [^}\n]*\}\} = (?P<op>\w+)\[[^\n]{0,1000}?\]\((?P<inputs>[^()\n]*)\)")
ADDRESS = re.compile(r" at 0x[0-9a-f]+(?=>)")
DEVICE = re.compile(r"/job:\w+/replica:\d+/task:\d+/device:(\w+:\d+)")
ASSERTION = re.compile(r"assertion failed: (?P<parts>\[.*)", re.DOTALL)
EXPECTED = re.compile(r"Expected '.*?' to be true\. Summarized data: (?P<data>.*)", re.DOTALL)
PART = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
BULLET = re.compile(r"(?:[•*\-–]|\d+[.)])\s+")


def one_line(text: str) -> str:
    """Return the first line that says something, or two where the first ends with a colon."""
    text = COLOURS.sub("", text[:LONGEST_READ])
    text = NODE.sub(lambda match: f"{match['op']}({match['inputs']})", ARRAY.sub("", _asserted(text)))
    text = ADDRESS.sub("", DEVICE.sub(r"\1", text))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    told = lines[0]
    if told.endswith(":") and len(lines) > 1:
        told = f"{told} {BULLET.sub('', lines[1], count=1)}"
    return shortened(on_one_line(told))


def shortened(text: str) -> str:
    """Return at most MOST_CHARACTERS of a line, up to the end of a sentence or a word, with `…` for the rest."""
    if len(text) <= MOST_CHARACTERS:
        return text
    head = text[: MOST_CHARACTERS - 1]
    sentence = head.rfind(". ")
    if sentence > MOST_CHARACTERS // 3:
        return f"{head[: sentence + 1]}"
    word = head.rfind(" ")
    return f"{head[: word if word > MOST_CHARACTERS // 2 else None].rstrip()}…"


def _asserted(text: str) -> str:
    """Return what an assertion in a graph says, as eager says it: the user's words alone where there are some."""
    if match := EXPECTED.match(text.strip()):
        return re.sub(r"\bb'([^'\n]*)'", r"\1", str(match["data"]))
    match = ASSERTION.match(text.strip())
    if match is None:
        return text
    parts: list[str] = [part.strip() for part in PART.findall(match["parts"])]
    if len(parts) > 1 and parts[1].startswith("Condition "):
        return parts[0]
    return " ".join(parts) or text
