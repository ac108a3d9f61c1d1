"""From an exception to a status and one line that a user can act on; all of its text beside."""

from __future__ import annotations

import builtins
import linecache
import re
import traceback
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from ..device_names import kind_of
from ..printable import printable
from .reasons.peeling import Peeled, Place, peel
from .reasons.remedies import Met, remedy
from .reasons.uncompiled import uncompiled
from .reasons.unplaced import unplaced
from .reasons.wording import COLOURS, one_line

MOST_LINES = 20
MOST_CHARACTERS = 8_000
"""Of the whole text of an exception."""

OURS = (
    "_tfjit>",
    "site-packages",
    "dist-packages",
    "importlib",
    "<frozen",
    "<string>",
    "__autograph_generated",
    ".pyx",
)
STANDARD_LIBRARY = re.compile(r"/lib(?:64)?/python3\.\d+/")
UNCOMPILABLE = ("compile-time constant", "tf2xla conversion failed", "No registered", "XLA compilation", "supported")
NO_KERNEL = ("Could not find device for node", "No registered", "not registered", "OpKernel")

GROUP: tuple[type[Any], ...] = tuple(filter(None, [getattr(builtins, "BaseExceptionGroup", None)]))
"""Empty before Python 3.11."""

ERRORS = (Exception, SystemExit)
"""What a user's code may raise and the worker outlives: `sys.exit("set DATA_DIR")` ends a mode, not the process."""


class UnsupportedError(Exception):
    """A mode that does not exist for what is measured: why, in one line."""


class RefusedError(Exception):
    """What XLA would not compile, or would end the process over: why, in one line."""


class ModelFileError(Exception):
    """A model's file that Keras cannot read: why, and what to do, in one line."""


MAY_COMPILE = ("as-written", "autocluster", "xla", "predict")
"""Modes in which XLA may refuse what TensorFlow runs."""


def describe_failure(error: BaseException, mode: str, calls: int | None = None, device: str = "") -> tuple[str, str]:
    """Return the status (unsupported, out_of_memory, failed) and the words for what `error` did to `mode`.

    `calls`: how many calls had returned, where that is known. `device`: the case's.
    """
    import tensorflow as tf

    error = _as_raised(error)
    text = _text(error)
    if isinstance(error, UnsupportedError | RefusedError):
        return "unsupported", text
    if isinstance(error, ModelFileError):
        return "failed", text
    refused, written_at = uncompiled(text)
    if refused:
        return "unsupported", f"{_compiler(mode, device)}{refused}{_at(written_at)}"
    peeled = peel(_type_name(error), text)
    words, places = _words(error, peeled), _users_places(error, peeled)
    if isinstance(error, tf.errors.OpError) and (lacking := unplaced(text, device)):
        return "unsupported", f"{lacking}{_at(places)}"
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError) or peeled.type_name == "MemoryError":
        return "out_of_memory", f"{words or 'memory ran out'}{_at(places)}"
    signs = UNCOMPILABLE if mode in MAY_COMPILE else NO_KERNEL
    no_kernel = isinstance(error, tf.errors.OpError) and any(sign in text for sign in signs)
    if no_kernel or isinstance(error, tf.errors.UnimplementedError):
        return "unsupported", f"{words}{_at(places)}"
    by_dataset = any(isinstance(each, tf.errors.OutOfRangeError) for each in _chain(error))
    met = Met(peeled, is_model_file=not places, by_dataset=by_dataset, calls=calls)
    said = remedy(met) or ": ".join(filter(None, (peeled.type_name, words)))
    return "failed", f"{said}{_at(places)}"


def _compiler(mode: str, device: str) -> str:
    """Return what has compiled where the mode itself does not: an emulated device, or a function within."""
    if mode in MAY_COMPILE:
        return ""
    if kind_of(device) == "XLA_CPU":
        return "the emulated device compiles whole graphs: "
    return "within a tf.function with jit_compile=True: "


def unreadable_model(error: BaseException, method: str, lacking: tuple[str, ...]) -> ModelFileError | None:
    """Return what to raise for an error that Keras met while it read a model's file, called by the one who raises it.

    `method`: what of the model is to be called. `lacking`: what its file needs and lacks. None if the message is not
    known, or code of the user's raised it.
    """
    below = _raised(error)[1:]
    peeled = peel(_type_name(error), _text(error))
    if any(not _is_ours(place.file) for place in (*below, *peeled.places)):
        return None
    said = remedy(Met(peeled, is_model_file=True, method=method, lacking=lacking))
    return ModelFileError(said) if said else None


def whole_text(error: BaseException) -> str:
    """Return all that an exception and those before it say, printable; empty where that is one line.

    Of a text beyond MOST_CHARACTERS both ends are kept.
    """
    told = [f"{_type_name(each)}: {_text(each)}".strip() for each in _chain(error)]
    text = printable(COLOURS.sub("", "\n\nwhich came from\n\n".join(_unlike(told))))
    if len(text) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]}\n[{len(text) - 2 * half:,} characters are left out]\n{text[-half:]}"
    return text if "\n" in text or len(text) > len(one_line(text)) else ""


def user_lines(error: BaseException) -> tuple[str, ...]:
    """Return the traceback of an exception, outermost first, as far as it lies in the user's own files.

    What AutoGraph has converted stands in the message, not in the traceback.
    """
    error = _as_raised(error)
    places = [*_raised(error), *peel(_type_name(error), _text(error)).places]
    told = (
        f"{PurePath(place.file).name}:{place.line} in {place.function}: {_code(place)}"
        for place in places
        if not _is_ours(place.file) and place.function
    )
    return tuple(dict.fromkeys(told))[-MOST_LINES:]


def _as_raised(error: BaseException) -> BaseException:
    """Return the StopIteration of the user's that became a RuntimeError in a generator of ours; else the error."""
    cause = error.__cause__
    is_generators = isinstance(error, RuntimeError) and isinstance(cause, StopIteration)
    return cause if is_generators and cause is not None else error


def _words(error: BaseException, peeled: Peeled) -> str:
    """Return the words of an exception: its message, those of its group, or the assertion that had none."""
    words = one_line(peeled.text)
    if parts := next((each.exceptions for each in _chain(error) if isinstance(each, GROUP)), ()):
        words = f"{words}: {'; '.join(f'{_type_name(part)}: {one_line(_text(part))}' for part in parts[:3])}"
    if not words and peeled.type_name == "AssertionError":
        places = _users_places(error, peeled)
        code = one_line(places[-1].code) if places else ""
        words = code if code.startswith("assert") else ""
    return f"in {peeled.within}: {words}" if peeled.within else words


def _users_places(error: BaseException, peeled: Peeled) -> list[Place]:
    """Return the user's own lines, the deepest last; empty where none is known.

    What AutoGraph has converted, or a graph has run, stands in the message.
    """
    return [place for place in (*_raised(error), *peeled.places) if not _is_ours(place.file)]


def _raised(error: BaseException) -> list[Place]:
    frames = traceback.extract_tb(error.__traceback__)
    return [Place(frame.filename, frame.lineno or 0, frame.name, frame.line or "") for frame in frames]


def _code(place: Place) -> str:
    """Return the line itself, which the errors of a graph leave out; empty if the file cannot be read."""
    return place.code.strip() or linecache.getline(place.file, place.line).strip()


def _at(places: list[Place] | tuple[Place, ...]) -> str:
    """Return where that is, by the last of the user's places: ` (steps.py:9)`; empty where that is not known."""
    own = [place for place in places if not _is_ours(place.file)]
    return f" ({PurePath(own[-1].file).name}:{own[-1].line})" if own else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those that it came from."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen and len(seen) < MOST_LINES:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__


def _unlike(texts: list[str]) -> Iterator[str]:
    """Yield the texts that are not part of an earlier one, whatever their indentation."""
    told = ""
    for text in texts:
        words = " ".join(text.partition(": ")[2].split())
        if not told or (words and words not in told):
            yield text
        told += " " + " ".join(text.split())


def _type_name(error: BaseException) -> str:
    return type(error).__name__


def _text(error: BaseException) -> str:
    """Return an exception's message; its own `__str__` may fail."""
    try:
        return str(error)
    except ERRORS:
        return ""


def _is_ours(filename: str) -> bool:
    return any(part in filename for part in OURS) or STANDARD_LIBRARY.search(filename) is not None
