"""A mode that traces or compiles in every call, whatever it is called with: which functions, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...device_names import kind_of
from ...events import ArgumentChange, Suspicious
from ..checks.recompiles import RecompileWatch
from ..checks.retrace_causes import changes_between
from ..checks.traces import Traced, trace_log
from ..modes.build import Built
from .job import Job

CALLS = 3
"""A mode that traces or compiles in each of so many calls with the same arguments will in the next."""

COMPILES = "the emulated device compiles a part of it in every call, which is in its figure"
"""Is said of eager random numbers there, for their seeds. Elsewhere what compiles in every call is not steady."""

MOST_NAMED = 3
"""Functions that are named in a sentence."""

WITHIN = "call it within a `tf.function`"

REMEDIES = {
    **dict.fromkeys(("predict", "predict_on_batch"), "call the model itself"),
    **dict.fromkeys(("fit", "train_on_batch"), "measure the model's train_step itself"),
    **dict.fromkeys(("evaluate", "test_on_batch"), "measure the model's test_step itself"),
    **dict.fromkeys(("map", "filter", "flat_map", "interleave", "scan", "reduce"), "make the dataset once, outside"),
}
"""What to do about functions of TensorFlow and Keras that trace one of their own."""

SPOKEN = {"xla": "XLA"}
"""How modes are called at the beginning of a sentence, where not by their names."""


@dataclass(frozen=True)
class Hidden:
    """What every call of a mode does, whatever it is called with: rounds with it count like others."""

    traces: bool = False
    compiles: bool = False


def find_hidden(job: Job, mode: str, built: Built) -> Hidden:
    """Call the mode a few times with its first argument set; report what each call traces.

    On an emulated device, which compiles each operation for itself, report also that each call compiles.
    """
    import tensorflow as tf

    calls: list[list[Traced]] = []
    traces = compiles = True
    for _ in range(CALLS):
        job.go_on(mode)
        watch = RecompileWatch(job.channel.log, built.function)
        with trace_log().recording() as traced:
            built()
        tf.raw_ops.SyncDevice()
        traces &= bool(traced)
        compiles &= watch.retraces().compiled.count > 0
        if not (traces or (compiles and kind_of(job.device) == "XLA_CPU")):
            return Hidden()
        calls.append(traced)
    if job.asked(mode):
        for reason in describe_traces(SPOKEN.get(mode, mode), calls) if traces else [COMPILES]:
            job.channel.emit(Suspicious(case_id=job.case_id, mode=mode, reason=reason))
    return Hidden(traces=traces, compiles=compiles)


def describe_traces(mode: str, calls: Sequence[Sequence[Traced]]) -> Iterator[str]:
    """Yield what the mode traces in every call, a sentence for each way to mend it."""
    first, last = calls[0], calls[-1]
    foreign = [each for each in last if not each.name and each.place]  # what Keras does by itself nobody can mend
    own = [each for each in last if each.name]
    anew = [each for each in own if any(each.made is earlier.made for earlier in first)]
    made = [each for each in own if each not in anew]
    if made:
        yield f"{mode} makes and traces {_a_function(made)} in every call ({_listed(made)}): make it once, outside"
    for name in dict.fromkeys(map(str, anew)):
        traces = [each for call in calls for each in call if str(each) == name]
        changes = changes_between([each.arguments for each in traces], range(1, len(traces)), values=False)
        cause, remedy = _cause(changes)
        yield f"{mode} traces a `tf.function` anew in every call ({name}){cause}{remedy}"
    if foreign:
        called = "; ".join(dict.fromkeys(f"`{each.caller}`, {each.place}" for each in foreign))
        remedies = dict.fromkeys(REMEDIES.get(each.caller, WITHIN) for each in foreign)
        yield f"{mode} calls what traces a function in every call ({called}): {', or '.join(remedies)}"


def _a_function(traced: Iterable[Traced]) -> str:
    return "a `tf.function`" if len(set(map(str, traced))) == 1 else "`tf.function`s"


def _listed(traced: Iterable[Traced]) -> str:
    names = list(dict.fromkeys(map(str, traced)))
    more = [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return "; ".join([*names[:MOST_NAMED], *more])


def _cause(changes: Sequence[ArgumentChange]) -> tuple[str, str]:
    """Return why a function is traced again, and what to do; both empty where its arguments stay alike."""
    if not changes:
        return "", ""
    change = changes[0]
    name = f"`{change.name}{change.part}`"
    if change.kind == "object":
        return f", because {name} is another Python object each time", ": pass the same one"
    if change.kind:
        what = f", because {name}, a Python {change.kind}, changes value"
        return what, ": pass it as a tensor" if change.kind in ("number", "bool") else ": keep it the same"
    return f", because the {change.aspect} of {name} changes", ": keep it the same"
