"""What is said of a mode that was traced or compiled again: how often, why, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..number_text import duration
from ..session.results import ModeResult, Retraces

OFTEN = 0.1
"""The share of calls, or of rounds, beyond which it is what there is to say of the mode."""

COMPILES, TRACES = "compiles", "traces"

REMEDIES = {
    "Python number": ("pass {it} as {tensor}", ""),
    "Python bool": ("pass {it} as {tensor}", ""),
    "Python string": ("keep {it} the same", ""),
    "Python object": ("keep {it} the same", ""),
    "type": ("keep {it} of one type", ""),
    "structure": ("keep {it} of one structure", ""),
    "dtype": ("cast {it} to one dtype", ""),
    "shape": ("pad or fix {shape}", "leave what changes open (None) in an `input_signature`"),
    "value": ("keep {it} to a few values, since XLA must know {it} while it compiles", ""),
}
"""By what changed: what to do about compiles, and about traces where that is something else."""

PART_OF_CAUSE = re.compile(r"(arguments?) (.+?)(?:, (?:a )?(Python \w+?)s?,)? changed (.+)")


@dataclass(frozen=True)
class Again:
    """What a mode did again, in words, and what to do about it, if anything is known. `what`: COMPILES or TRACES.

    `often`: so often that figures without it are not what a user would see.
    """

    words: str
    what: str
    often: bool
    remedy: str = ""

    def in_full(self, steadily: str = "") -> str:
        """Sentences; `steadily` is what follows `without compiles`, empty where nothing is known."""
        without = f"without {self.what} {steadily}" if steadily else ""
        if self.what == TRACES and self.remedy:
            return f"{self.words}: {self.remedy}.{_sentence(without)}"
        return f"{self.words}.{_sentence('; '.join(filter(None, (self.remedy, without))))}"


def done_again(mode: ModeResult, name: str) -> list[Again]:
    """What the mode, called `name`, did again: with arguments that were new to it, and in rounds without any."""
    return [*_with_new_arguments(mode, name), *_in_rounds(mode, name)]


def _with_new_arguments(mode: ModeResult, name: str) -> Iterator[Again]:
    again = mode.retraces
    if again.calls:
        what = _what(again)
        later, first = again.traces, int(mode.trace_s is not None)
        if what == COMPILES:
            later, first = again.compilations, mode.compilations
        because = f" because {again.cause}" if again.cause else ", though its arguments stayed alike"
        of = f"{first + later:,} times in {again.calls + 1:,} calls{_of(mode, what, name)}"
        words = f"{_subject(what, name)} {of}{because}{_cost(again)}"
        yield Again(words, what, later > OFTEN * again.calls, _remedy(again.cause, what))


def _in_rounds(mode: ModeResult, name: str) -> Iterator[Again]:
    late, void, rounds = mode.late_retraces, len(mode.void_rounds), len(mode.rounds)
    if late.calls and void:
        what = _what(late)
        of = f"again in {void:,} of {rounds:,} rounds{_of(mode, what, name)}"
        words = f"{_subject(what, name)} {of}, though its arguments stayed alike{_cost(late)}"
        yield Again(words, what, void > OFTEN * rounds)


def _what(again: Retraces) -> str:
    return COMPILES if again.compilations else TRACES


def _subject(what: str, name: str) -> str:
    return "XLA compiled" if what == COMPILES else f"{name[:1].upper()}{name[1:]} was traced"


def _of(mode: ModeResult, what: str, name: str) -> str:
    """Whose calls XLA compiled in, where these are not its own mode's."""
    return f" of {name}" if what == COMPILES and mode.mode != "xla" else ""


def _cost(again: Retraces) -> str:
    return f"; each compile cost {duration(again.compile_s / again.compilations, 2)}" if again.compilations else ""


def _remedy(cause: str, what: str) -> str:
    """What to do about each part of a cause: `argument x changed shape and argument n, a Python number, ...`."""
    parts = [match for part in re.split(r" and (?=arguments? )", cause) if (match := PART_OF_CAUSE.fullmatch(part))]
    remedies = []
    for number, names, kind, aspects in (part.groups() for part in parts):
        several = number == "arguments"
        it = names if len(parts) > 1 else "them" if several else "it"
        tensor, shape = ("tensors", "the shapes") if several else ("a tensor", "the shape")
        for aspect in [kind] if kind else aspects.split(" and "):
            compiles, traces = REMEDIES.get(aspect, ("", ""))
            words = traces if what == TRACES and traces else compiles
            remedies.append(words.format(it=it, tensor=tensor, shape=shape))
    return " and ".join(dict.fromkeys(filter(None, remedies)))


def _sentence(words: str) -> str:
    return f" {words[:1].upper()}{words[1:]}." if words else ""
