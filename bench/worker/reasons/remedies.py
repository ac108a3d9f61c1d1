"""Say what to do about messages that are known: what a model file lacks, variables made in calls, data that ran out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from .peeling import Peeled

LONGEST_READ = 20_000
"""Characters of a message in which a remedy is looked for."""


@dataclass(frozen=True)
class Met:
    """An exception as it was met.

    `is_model_file`: no code of the user's was running, so a model file was being read. `method`: what of that model was
    to be called, such as `train_step`; empty for its plain call. `lacking`: all that its file needs and lacks.
    `by_dataset`: tf.data says that it ended, not an iterator of Python's. `calls`: how many calls had returned.
    """

    peeled: Peeled
    is_model_file: bool = False
    by_dataset: bool = False
    method: str = ""
    lacking: tuple[str, ...] = ()
    calls: int | None = None

    def run_model(self, method: str = "") -> str:
        """Return what to run in place of the model's file."""
        return ".".join(filter(None, ("run FILE.py::model", self.method or method)))


def remedy(met: Met) -> str:
    """Return what to say in place of the message; empty for a message that speaks for itself."""
    met = replace(met, peeled=replace(met.peeled, text=met.peeled.text.strip()[:LONGEST_READ]))
    return next((said for each in REMEDIES if (said := each(met))), "")


# --- model files ------------------------------------------------------------------------------------------------------

MISSING = re.compile(
    r"Could not locate (?:class|function) '(?P<located>[^'\n]+)'"
    r"|Unknown [\w ]+: '?(?P<unknown>[^'\n]+?)'?\. Please ensure (?:you are using|this object)"
    r"|Cannot deserialize object of type `(?P<typed>[^`\n]+)`"
    r"|Could not interpret \w+ identifier: (?P<identifier>\w+)"
)
REGISTERED = re.compile(r"Full object config: .*'registered_name': '(?P<name>[^'\n]+>[^'\n]+)'", re.DOTALL)
LAMBDA = re.compile(r"[^\n]*deserializ[^\n]*\b[Ll]ambda\b")
COMPILED = re.compile(r"Could not deserialize 'keras\.(?:metrics|losses|optimizers)\.|string indices must be integers")
UNREADABLE = re.compile(
    r"File not found: filepath=|.?There is no item named 'config\.json'"
    r"|[^\n]*(?:file signature not found|truncated file)"
)
WEIGHTS = re.compile(r"No model config found in the file")
SAVED_MODEL = re.compile(r"File format not supported: filepath=(?P<path>[^\n]*?)\. Keras 3 only supports")
DAMAGED = re.compile(
    r"Cannot parse file b?'[^'\n]*?(?P<file>saved_model\.pb(?:txt)?)'"
    r"|[^\n]*Failed to find any matching files for [^\n]*?(?P<variables>variables/variables)"
)
UNKNOWN_KEYWORD = re.compile(r"Unrecognized keyword arguments passed to (?P<where>\w+): (?P<keywords>[^\n]*)")
UNKNOWN_OP = re.compile(r"[^\n]*Op type not registered '(?P<op>[^'\n]+)'")

MOST_NAMED = 5
"""So many classes are named that a file lacks."""


def missing_name(text: str) -> str:
    """Return what Keras did not find, with the package that it was registered in; empty if the message is another."""
    match = MISSING.match(text)
    if match is None:
        return ""
    registered = REGISTERED.search(text)
    return registered["name"] if registered else next(filter(None, match.groups()), "")


def _missing(met: Met) -> str:
    name = missing_name(met.peeled.text)
    if not name:
        return ""
    if met.is_model_file and len(names := list(dict.fromkeys((name, *met.lacking)))) > 1:
        how = f"load it with them as custom_objects in a FILE.py and {met.run_model()}"
        return f"it needs {_listed(names)}, which are not in the file: {how}"
    if met.is_model_file:
        return f"it needs `{name}`, which is not in the file: load it in a FILE.py and {met.run_model()}"
    objects = f"custom_objects={{{name!r}: {name.rpartition('>')[2]}}}"
    how = f"pass {objects} to load_model, or register it before the model is made and saved"
    return f"Keras does not find `{name}`: {how}"


def _listed(names: list[str]) -> str:
    """Return the names as one reads them, those beyond MOST_NAMED as a number."""
    told = [f"`{name}`" for name in names[:MOST_NAMED]]
    told += [f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []
    return f"{', '.join(told[:-1])} and {told[-1]}"


def _lambda(met: Met) -> str:
    if not LAMBDA.match(met.peeled.text):
        return ""
    why = "it has a Lambda layer, Python code that Keras does not run unless it is told to"
    if met.is_model_file:
        return f"{why}: load it with safe_mode=False in a FILE.py and {met.run_model()}"
    return f"{why}: pass safe_mode=False to load_model"


def _compiled(met: Met) -> str:
    if not (met.is_model_file and COMPILED.match(met.peeled.text)):
        return ""
    how = f"load it with compile=False in a FILE.py, compile it there and {met.run_model('train_step')}"
    return f"what the model was compiled with cannot be read from the file: {how}"


def _unreadable(met: Met) -> str:
    if not (met.is_model_file and UNREADABLE.match(met.peeled.text)):
        return ""
    return "the file is damaged or no Keras model: save the model again, with model.save"


def _weights(met: Met) -> str:
    if not (met.is_model_file and WEIGHTS.match(met.peeled.text)):
        return ""
    return f"it holds weights alone: make the model in a FILE.py, call its load_weights and {met.run_model()}"


def _saved_model(met: Met) -> str:
    match = SAVED_MODEL.match(met.peeled.text)
    if match is None:
        return ""
    return f"Keras does not load {match['path']}: load a SavedModel with tf.saved_model.load, any other model as .keras"


def _damaged(met: Met) -> str:
    match = DAMAGED.match(met.peeled.text)
    if match is None:
        return ""
    how = "save the model again, with model.export or tf.saved_model.save"
    return f"{match['file'] or match['variables']} of the SavedModel is damaged or not there: {how}"


def _unknown_keyword(met: Met) -> str:
    match = UNKNOWN_KEYWORD.match(met.peeled.text)
    if match is None or not met.is_model_file:
        return ""
    how = "save the model with the Keras that is installed here"
    return f"another version of Keras has written it, whose {match['where']} also takes {match['keywords']}: {how}"


def _unknown_op(met: Met) -> str:
    match = UNKNOWN_OP.match(met.peeled.text)
    if match is None:
        return ""
    how = "import the package that brings it, such as tensorflow_text"
    where = f" in a FILE.py, load the model there and {met.run_model()}" if met.is_model_file else ""
    return f"it needs the op `{match['op']}`, which this TensorFlow has not: {how}{where}"


# --- functions --------------------------------------------------------------------------------------------------------

SINGLETON = re.compile(
    r"tf\.function only supports singleton tf\.Variables"
    r"|tf\.function-decorated function tried to create variables on non-first call"
    r"|Creating variables on a non-first call"
)
ENDED = ("StopIteration", "OutOfRangeError")
END = re.compile(r"(?:End of sequence|Sequence has ended)\b|$")
NO_VALUE = re.compile(r"'SymbolicTensor' object has no attribute 'numpy'")
AS_PYTHON = re.compile(r"(?:Using a|(?P<use>Iterating) over a) symbolic `tf\.Tensor`[^\n]* is not allowed")
INSTEAD = {None: "tf.cond or tf.where", "Iterating": "tf.unstack, tf.map_fn or a loop that it converts"}
UNTRACEABLE = re.compile(r"Could not generate a generic TraceType for <?(?P<kind>[\w.]+)")
EXITED = re.compile(r"\d+|None|$")


def _variable_in_call(met: Met) -> str:
    if not SINGLETON.match(met.peeled.text):
        return ""
    how = "make it, or the layer or optimizer that has it, once: in `__init__` or `build`, or outside the function"
    why = "tf.function only supports singleton tf.Variables, and this makes one in each call"
    return f"{met.peeled.type_name}: {why}: {how}"


def _ended(met: Met) -> str:
    name, text = met.peeled.type_name, met.peeled.text
    generator = name == "RuntimeError" and text == "generator raised StopIteration"
    if not generator and not (name in ENDED and END.match(text)):
        return ""
    when = "before the calls did"
    if met.calls is not None:
        when = f"after {met.calls:,} call{'' if met.calls == 1 else 's'}" if met.calls else "in the first call"
    if met.by_dataset or name == "OutOfRangeError":
        return f"the data ran out {when}: end the dataset with .repeat()"
    return f"the iterator ran out {when}: give one that does not end, such as itertools.cycle(...)"


def _symbolic(met: Met) -> str:
    text = met.peeled.text
    first = text.partition(". You can attempt the following")[0]
    if match := NO_VALUE.match(text):
        why = "a tensor has no value while a graph is traced, only in eager"
        return f"{met.peeled.type_name}: {match.group()}: {why}"
    if match := AS_PYTHON.match(first):
        return f"{met.peeled.type_name}: {first}: AutoGraph has not converted this, so write {INSTEAD[match['use']]}"
    return ""


def _untraceable(met: Met) -> str:
    match = UNTRACEABLE.match(met.peeled.text)
    if match is None:
        return ""
    how = "pass its tensors in a dict or a tuple, or make it a tf.experimental.ExtensionType"
    return f"{met.peeled.type_name}: tf.function takes no {match['kind']} as an argument: {how}"


def _exited(met: Met) -> str:
    name, text = met.peeled.type_name, met.peeled.text
    if name != "SystemExit" or not EXITED.fullmatch(text):
        return ""
    return f"it ends the process: sys.exit({text.replace('None', '')})"


REMEDIES: tuple[Callable[[Met], str], ...] = (
    _missing,
    _lambda,
    _compiled,
    _unreadable,
    _weights,
    _saved_model,
    _damaged,
    _unknown_keyword,
    _unknown_op,
    _variable_in_call,
    _ended,
    _symbolic,
    _untraceable,
    _exited,
)
