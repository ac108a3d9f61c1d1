"""What is said of a mode that was traced or compiled again: how often, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..number_text import duration
from ..session.results import ModeResult, Retraces
from .recorded_causes import parse_cause
from .retrace_causes import Clause, clauses_of, describe_cause

OFTEN = 0.1
"""The share of calls, or of rounds, beyond which it is what there is to say of the mode."""

COMPILES, TRACES = "compiles", "traces"

UNCHANGED = "no dtype, shape or Python value of its arguments changed"
"""What is known where no cause is found: what tensors hold is looked at where they are small."""

REMEDIES = {
    "number": ("pass {it} as {tensor}", ""),
    "bool": ("pass {it} as {tensor}", ""),
    "string": ("keep {it} the same", ""),
    "object": ("keep {it} the same", ""),
    "type": ("keep {it} of one type", ""),
    "structure": ("keep {it} of one structure", ""),
    "dtype": ("cast {it} to one dtype", ""),
    "shape": ("pad or fix {shape}", "leave what changes open (None) in an `input_signature`"),
    "rank": ("keep {it} of one rank", ""),
    "values": ("keep {it} to a few values, since XLA must know {it} while it compiles", ""),
    "row lengths": ("pad {it} to one length, or keep to a few lengths", ""),
    "number of values": ("pad {it} to one number of values", ""),
    "value": ("keep {it} to a few values, since XLA must know {it} while it compiles", ""),
}
"""What to do about compiles, and about traces if that differs; by a Python value's kind, or else by what changed."""


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
        later, first = again.traces, int(mode.trace_s is not None or bool(again.functions))
        if what == COMPILES:
            later, first = again.compilations, mode.compilations
        cause = describe_cause(again)
        because = f" because {cause}" if cause else f", though {UNCHANGED}"
        of = f"{first + later:,} times in {again.calls + 1:,} calls{_of(mode, what, name)}"
        words = f"{_subject(what, name, again)} {of}{because}{_cost(again)}"
        clauses = [*parse_cause(again.cause), *clauses_of(again.changes)]
        yield Again(words, what, later > OFTEN * again.calls, _remedy(clauses, what))


def _in_rounds(mode: ModeResult, name: str) -> Iterator[Again]:
    late, void, rounds = mode.late_retraces, len(mode.void_rounds), len(mode.rounds)
    if late.calls and void:
        what = _what(late)
        of = f"again in {void:,} of {rounds:,} rounds{_of(mode, what, name)}"
        words = f"{_subject(what, name, late)} {of}, though it was given the same arguments{_cost(late)}"
        yield Again(words, what, void > OFTEN * rounds)


def _what(again: Retraces) -> str:
    return COMPILES if again.compilations else TRACES


def _subject(what: str, name: str, again: Retraces) -> str:
    if what == COMPILES:
        return "XLA compiled"
    if again.functions:
        first, *others = again.functions
        return f"In {name} {first},{f' and {len(others)} more' if others else ''} {'were' if others else 'was'} traced"
    return f"{name[:1].upper()}{name[1:]} was traced"


def _of(mode: ModeResult, what: str, name: str) -> str:
    """Whose calls XLA compiled in, where these are not its own mode's."""
    return f" of {name}" if what == COMPILES and mode.mode != "xla" else ""


def _cost(again: Retraces) -> str:
    return f"; each compile cost {duration(again.compile_s / again.compilations, 2)}" if again.compilations else ""


def _remedy(clauses: Sequence[Clause], what: str) -> str:
    """Return what to do about each part of a cause; empty if nothing is known."""
    remedies = []
    for clause in clauses:
        it = clause.names if len(clauses) > 1 else "them" if clause.several else "it"
        tensor, shape = ("tensors", "the shapes") if clause.several else ("a tensor", "the shape")
        for aspect in [clause.kind] if clause.kind else clause.aspects:
            compiles, traces = REMEDIES.get(aspect, ("", ""))
            words = traces if what == TRACES and traces else compiles
            remedies.append(words.format(it=it, tensor=tensor, shape=shape))
    return " and ".join(dict.fromkeys(filter(None, remedies)))


def _sentence(words: str) -> str:
    return f" {words[:1].upper()}{words[1:]}." if words else ""
