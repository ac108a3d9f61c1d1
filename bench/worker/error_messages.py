"""Extract the user's own message from what AutoGraph, Keras and TensorFlow wrap around it. Pure."""

from __future__ import annotations

import re

MOST_CHARACTERS = 300

AUTOGRAPH = re.compile(r"\s*in user code:\n\n(?:[ \t]+\S.*\n)*\n+\s*(?P<type>\w+):(?P<message>.*)", re.DOTALL)
"""AutoGraph's form: frames, an empty line, then the type and the message."""

KERAS = re.compile(r"\s*Exception encountered when calling .*?\n\s*\x1b\[1m(?P<message>.*)\x1b\[0m", re.DOTALL)
"""Keras's form: the message in bold, between the name of the layer and its arguments."""

GRAPH = re.compile(r"\s*Graph execution error:\n(?P<message>.*)", re.DOTALL)

PLACE = re.compile(r"\s|Detected at node |\d+ root error\(s\) found|<stack traces unavailable>")
"""The beginning of a line in a graph's error that says where it was raised."""

NODE = re.compile(r"\s*(?:\{\{\w+ [^}]*\}\}|\(\d+\) [A-Z_]+:)\s*")
"""A prefix that TensorFlow may put before the message of an operation."""


def unwrapped(type_name: str, text: str) -> tuple[str, str]:
    """Return the type of an exception and the first line of its message, as the user's code raised it."""
    while True:
        if match := AUTOGRAPH.match(text):
            type_name, text = match.group("type", "message")
        elif match := KERAS.match(text):
            text = match["message"]
        else:
            return type_name, _first_line(text)


def _first_line(text: str) -> str:
    lines = text.splitlines()
    if match := GRAPH.match(text):
        within = [NODE.sub("", line) if NODE.match(line) else line for line in match["message"].splitlines()]
        lines = [line for line in within if line and not PLACE.match(line)] or lines
    told = (NODE.sub("", line, count=1) if NODE.match(line) else line for line in lines)
    return next((line.strip()[:MOST_CHARACTERS] for line in told if line.strip()), "")
