"""Peel what AutoGraph, Keras, the runtime and tf.data wrap around the words of the user's own code.

Wrappings nest in any order: AutoGraph's message may be the bold text of Keras's, and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from textwrap import dedent

DEEPEST = 50
"""How many wrappings are peeled at most."""

LONGEST_PEELED = 200_000
"""Characters of a message that are read: the reason stands at the end of a wrapping, so both ends are kept."""


@dataclass(frozen=True)
class Place:
    """A line of a file that a message names: `code` is the line itself, where the message has it."""

    file: str
    line: int
    function: str = ""
    code: str = ""


@dataclass(frozen=True)
class Peeled:
    """What is left of an exception: the type that was raised, its words, and the places that wrappings named.

    `places` go from the outermost call to where it was raised. `within`: a function of the user's that something else
    called, such as `Dataset.map`.
    """

    type_name: str
    text: str
    places: tuple[Place, ...] = ()
    within: str = ""


def peel(type_name: str, text: str) -> Peeled:
    """Return the exception without its wrappings."""
    if len(text) > LONGEST_PEELED:
        text = f"{text[: LONGEST_PEELED // 2]}\n{text[-LONGEST_PEELED // 2 :]}"
    peeled = Peeled(type_name, text)
    for _ in range(DEEPEST):
        less = next((less for each in WRAPPINGS if (less := each(peeled)) is not None), None)
        if less is None:
            break
        peeled = less
    return peeled


# --- AutoGraph --------------------------------------------------------------------------------------------------------

AUTOGRAPH = re.compile(
    r"\s*in user code:\n\n(?P<frames>(?:[ \t]+\S.*\n|[ \t]*\n(?=[ \t]+File \"))*)\s*\n[ \t]*(?P<type>\w+): ?"
)
FRAME = re.compile(r'[ \t]*File "(?P<file>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<function>[^\n*]*))?[ *\t]*(?:\n|$)')


def _autograph(peeled: Peeled) -> Peeled | None:
    """Peel `in user code:`, the frames, and the indentation of the message after the type."""
    match = AUTOGRAPH.match(peeled.text)
    if match is None:
        return None
    first, newline, others = peeled.text[match.end() :].partition("\n")
    text = (first + newline + re.sub(r"(?m)^ {1,4}", "", others)).removesuffix("\n")
    places = (*peeled.places, *places_in(match["frames"]))
    return replace(peeled, type_name=match["type"], text=text, places=places)


def places_in(frames: str) -> Iterator[Place]:
    """Yield the places of a traceback in a message, each with the line of code that follows it, if one does."""
    lines = frames.splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if match := FRAME.fullmatch(line):
            code = "" if FRAME.match(after) else after.strip()
            yield Place(match["file"], int(match["line"]), _function_of(match), code)


def _function_of(frame: re.Match[str]) -> str:
    """Return the function of a frame; AutoGraph calls a lambda None."""
    name = (frame["function"] or "").strip()
    return "<lambda>" if name == "None" else name


# --- Keras ------------------------------------------------------------------------------------------------------------

KERAS = re.compile(r"\s*Exception encountered when calling [^\n]*\n\s*(?P<message>.*)", re.DOTALL)
RECEIVED = re.compile(r"\nArguments received(?: by [^\n]*)?:(?:\n|$)")
INFERRED = re.compile(
    r"\s*(?:Could not automatically infer the output shape / dtype of |"
    r"[^\n]*could not be deserialized properly\.|Error when deserializing class )"
)
ENCOUNTERED = re.compile(r"(?:Error|Exception) encountered:\s*")


def _keras_call(peeled: Peeled) -> Peeled | None:
    """Peel the name of the layer before the message and its arguments after it."""
    match = KERAS.match(peeled.text)
    if match is None:
        return None
    text = match["message"]
    ends = list(RECEIVED.finditer(text))
    text = text[: ends[-1].start()].rstrip() if ends else text
    return replace(peeled, text=text.removeprefix("\x1b[1m").removesuffix("\x1b[0m"))


def _keras_about(peeled: Peeled) -> Peeled | None:
    """Peel what Keras was about to do, up to the exception that it met."""
    if not INFERRED.match(peeled.text):
        return None
    match = ENCOUNTERED.search(peeled.text)
    return replace(peeled, text=peeled.text[match.end() :]) if match else None


# --- the runtime ------------------------------------------------------------------------------------------------------

GRAPH = re.compile(r"\s*Graph execution error:[ \t]*\n")
PREAMBLE = re.compile(
    r"[ \t]*(?:Detected at node [^\n]*|\d+ root error\(s\) found\.?|<stack traces unavailable>|[ \t]*)(?:\n|$)"
)
NUMBERED = re.compile(r"[ \t]*\(\d+\) [A-Z_]+:[ \t]*")
NODE = re.compile(r"\s*\{\{\w+ [^}\n]*\}\}[ \t]*")
BELOW = re.compile(r"\n[ \t]*\[\[[^\n]*|\[Op:[^\]\n]{0,300}\](?: name:[^\n]*)?[ \t]*(?=\n|$)")
"""Where the runtime says in which node the reason was found."""

DEFINITION = "\nStack trace for op definition:"
PYTHON = re.compile(
    r"\s*(?P<type>[A-Za-z_][\w.]*): ?(?P<message>.*?)\nTraceback \(most recent call last\):\n", re.DOTALL
)
DATA = re.compile(
    r"\s*Error in user-defined function passed to (?P<name>\w+?)Dataset(?:V\d+)?(?::\d+)? transformation"
    r" with iterator: [\w:\[\]]+?: "
)


def _graph(peeled: Peeled) -> Peeled | None:
    """Peel what stands above the reason in a graph's error, and the node below it."""
    match = GRAPH.match(peeled.text)
    if match is None:
        return None
    places: list[Place] = []
    text = peeled.text[match.end() :]
    while text:
        if numbered := NUMBERED.match(text):
            text = text[numbered.end() :]
            break
        if frame := FRAME.match(text):
            places.append(Place(frame["file"], int(frame["line"]), _function_of(frame)))
            text = text[frame.end() :]
        elif above := PREAMBLE.match(text):
            text = text[above.end() :]
        else:
            break
    below = BELOW.search(text)
    text = text[: below.start()].rstrip() if below else text
    return replace(peeled, text=text, places=(*peeled.places, *places)) if text.strip() else None


def _node(peeled: Peeled) -> Peeled | None:
    """Peel the op that eager called, before and after the reason."""
    if match := NODE.match(peeled.text):
        text = peeled.text[match.end() :]
    else:
        match = BELOW.search(peeled.text)
        text = peeled.text[: match.start()].rstrip() if match else ""
    return replace(peeled, text=text) if match and text.strip() else None


def _definition(peeled: Peeled) -> Peeled | None:
    """Peel where XLA says that an op was written."""
    text, found, frames = peeled.text.partition(DEFINITION)
    if not found or not text.strip():
        return None
    return replace(peeled, text=text, places=(*peeled.places, *places_in(frames)))


def _python(peeled: Peeled) -> Peeled | None:
    """Peel the traceback of Python that a graph has run: `tf.py_function`, `tf.numpy_function`."""
    match = PYTHON.match(peeled.text)
    if match is None:
        return None
    traceback, _, _ = peeled.text[match.end() :].partition(f"\n{match['type']}: ")
    places = (*peeled.places, *places_in(dedent(traceback)))
    return replace(peeled, type_name=match["type"].rpartition(".")[2], text=match["message"], places=places)


def _data(peeled: Peeled) -> Peeled | None:
    """Peel the names that tf.data gives to its stages."""
    match = DATA.match(peeled.text)
    if match is None:
        return None
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", match["name"]).lower()
    return replace(peeled, text=peeled.text[match.end() :], within=f"Dataset.{name.removeprefix('parallel_')}")


# --- one more of TensorFlow's -----------------------------------------------------------------------------------------

BINDING = re.compile(r"\s*Binding inputs to tf\.function failed due to `(?P<message>.*?)`\. Received args: ", re.DOTALL)


def _binding(peeled: Peeled) -> Peeled | None:
    match = BINDING.match(peeled.text)
    return replace(peeled, text=match["message"]) if match else None


WRAPPINGS: tuple[Callable[[Peeled], Peeled | None], ...] = (
    _autograph,
    _keras_call,
    _keras_about,
    _graph,
    _definition,
    _python,
    _data,
    _node,
    _binding,
)
