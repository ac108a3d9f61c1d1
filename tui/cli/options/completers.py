"""What a shell may complete of a command line: names and values, with what they are; nothing slow is imported."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from bench.plan import EFFORTS, MODES, PRECISIONS
from bench.printable import on_one_line
from bench.runtime import SETTINGS, SWITCHES, THREADS
from bench.suggest import PLAN_SUFFIX

from ...config.locations import LocationError, sessions_place, theme_names
from ...config.schema import KEYS

Candidates = Iterable[tuple[str, str]]
"""What may be given, each with what it is."""

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

MOST_TOLD = 30
"""Sessions that are opened to tell what they are: the latest."""

HEAD_BYTES = 65_536
"""Of a session's file, in which its first plan is looked for."""


def _completer(candidates: Callable[[click.Context, str], Candidates]) -> Completer:
    """Offers those of the candidates that begin as what is typed; they may depend on what was given before.

    A name that a terminal would act on is not offered: escaped, it would be another.
    """

    def complete(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            begun = [each for each in candidates(ctx, incomplete) if each[0].startswith(incomplete)]
        except (OSError, RuntimeError, ValueError):  # a home of nobody's, a folder that may not be looked into
            begun = []
        found = ((name, what) for name, what in begun if on_one_line(name) == name)
        return [CompletionItem(name, help=on_one_line(what) or None) for name, what in found]

    return complete


def _workload_names() -> Iterator[tuple[str, str]]:
    from bench.catalogue import WORKLOADS

    yield from ((workload.name, workload.help) for workload in WORKLOADS.values())


def _workloads(_ctx: click.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    from bench.catalogue.installed import installed
    from bench.plan import CODE_FILES

    from ...draft.code_paths import functions_in, paths

    yield from _workload_names()
    yield from installed().items()
    file, separator, _ = incomplete.partition("::")
    if separator:
        yield from ((f"{file}::{name}", "") for name in functions_in(Path(file).expanduser()))
    else:
        found = paths(incomplete, (*CODE_FILES, PLAN_SUFFIX))
        yield from ((f"{path}::" if path.endswith(".py") else path, "") for path in found)


def _dims(ctx: click.Context) -> Iterator[tuple[str, int, str]]:
    """The dimensions of the workloads that are named already: name, default, bounds."""
    from bench.catalogue import WORKLOADS

    for name in (*ctx.params.get("workloads", ()), *ctx.args):  # where an option lacks its value, click sorts no words
        if name in WORKLOADS:
            yield from ((dim.name, dim.default, f"{dim.low}-{dim.high}") for dim in WORKLOADS[name].dims)


def _sizes(ctx: click.Context, incomplete: str) -> Candidates:
    has_name = "=" in incomplete
    found = {f"{name}={default if has_name else ''}": f"{name}: {bounds}" for name, default, bounds in _dims(ctx)}
    return found.items()


def _axes(ctx: click.Context, incomplete: str) -> Candidates:
    if "=" in incomplete:
        return ()
    axes = [*(name for name, _, _ in _dims(ctx)), "dtype", "device", *SETTINGS]
    return ((f"{name}=", "") for name in dict.fromkeys(axes))


def _runtime(_ctx: click.Context, incomplete: str) -> Candidates:
    name, sign, _ = incomplete.partition("=")
    if not sign:
        return ((f"{setting}=", "") for setting in SETTINGS)
    return () if name in THREADS else ((f"{name}={word}", "") for word in SWITCHES)


def _modes(_ctx: click.Context, incomplete: str) -> Candidates:
    from ...draft.mode_help import MEANINGS

    before, comma, _ = incomplete.rpartition(",")
    chosen = before.split(",")
    return ((f"{before}{comma}{mode}", MEANINGS[mode]) for mode in MODES if mode not in chosen)


def _presets(_ctx: click.Context, _incomplete: str) -> Candidates:
    from bench.plans.presets import PRESETS

    return ((preset.name, preset.help) for preset in PRESETS.values())


def _sessions(_ctx: click.Context, _incomplete: str) -> Iterator[tuple[str, str]]:
    try:
        files = sorted(sessions_place().glob("*.jsonl"), reverse=True)  # the latest first: names begin with the time
    except LocationError:
        return
    yield from ((path.stem, _what(path)) for path in islice(files, MOST_TOLD))
    yield from ((path.stem, "") for path in islice(files, MOST_TOLD, None))


def _what(path: Path) -> str:
    """What a session measured first, in a few words; empty where that is not soon found."""
    if not path.is_file():  # opening a pipe would wait for someone to write to it
        return ""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        line = next(line for line in head.splitlines() if line.startswith(b'{"kind":"plan_started"'))
        names = dict.fromkeys(str(case["workload"]) for case in json.loads(line)["plan"]["cases"])
    except (OSError, StopIteration, ValueError, KeyError, TypeError, RecursionError):
        return ""
    first, *others = map(on_one_line, names) if names else [""]
    return f"{first} and {len(others)} more" if others else first


def _named(names: Iterable[str]) -> Completer:
    return _completer(lambda _ctx, _incomplete: ((name, "") for name in names))


workloads = _completer(_workloads)
built_in_workloads = _completer(lambda _ctx, _incomplete: _workload_names())
dims = _completer(_sizes)
axes = _completer(_axes)
runtime = _completer(_runtime)
modes = _completer(_modes)
presets = _completer(_presets)
sessions = _completer(_sessions)
dtypes = _named(PRECISIONS)
devices = _named(("CPU:0", "GPU:0"))
efforts = _named(EFFORTS)
themes = _completer(lambda _ctx, _incomplete: ((name, "") for name in theme_names()))
keys = _completer(lambda _ctx, _incomplete: ((key.name, key.help) for key in KEYS.values()))


def files(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The shell's own completion of paths."""
    return [CompletionItem(incomplete, type="file")]
