"""Say what XLA cannot compile: the op and what it does, or the argument whose dtype it has no form of."""

from __future__ import annotations

import re

from .peeling import Place, places_in

REFUSED = re.compile(
    r"(?:on XLA_\w+: |\}\}, |(?<=\)), )(?P<op>\w+) \(No registered"
    r"(?:[^{}]*\{\{node (?P<node>[^}\n]*)\}\})?(?P<rest>[^{}]*)"
)
DTYPE = re.compile(r"\b(?:T|dtype)=DT_(\w+)")
ARGUMENT = re.compile(r'_user_specified_name="([^"\n]+)"')
CREATED = "The op is created at:"
CONSTANT = re.compile(
    r"Input (?P<input>\d+) to (?:node `(?P<node>[^`\n]*)` with )?op (?P<op>\w+) must be a compile-time constant"
)

UNTYPED = re.compile(r"Unsupported type in DataTypeToPrimitiveType: '(?P<dtype>\w+)'")

LONGEST_READ = 100_000

KINDS = {
    "STRING": "is a string or holds one",
    "RESOURCE": "is a resource, such as an iterator or a lookup table, or holds one",
    "VARIANT": "is a dataset or a list of tensors, or holds one",
}
"""What an argument is that XLA has no form of, by TensorFlow's name of its dtype."""

DOES: tuple[tuple[str, str], ...] = (
    (r"Iterator|.*Dataset|Dataset|OptionalGetValue", "reads from tf.data"),
    (r"LookupTable|.*HashTable|InitializeTable", "looks up in a table of tf.lookup"),
    (r"PrintV2|Print$|StringFormat", "prints or formats text (tf.print)"),
    (r"EagerPyFunc|PyFunc", "runs Python (tf.py_function or tf.numpy_function)"),
    (r"AsString|.*String|Regex|ReduceJoin|Unicode|Substr|.*Base64|Strings?", "works on strings"),
    (r"ReadFile|WriteFile|MatchingFiles|.*Reader|Save|Restore|MergeV2", "reads or writes a file"),
    (r"Decode(?:Jpeg|Png|Gif|Bmp|Image|AndCrop|Webp)|Encode(?:Jpeg|Png)|ExtractJpeg", "decodes or encodes an image"),
    (r"DecodeWav|EncodeWav|AudioSpectrogram|Mfcc", "works on sound"),
    (r"Parse|Decode", "parses records"),
    (r"Eig$", "computes general eigenvalues"),
    (r"DebugNumericSummary", "checks numbers (tf.debugging.enable_check_numerics)"),
    (r"Write.*Summary|.*Summary", "writes a summary (tf.summary)"),
    (r"Set|DenseToSparseSet|DenseToDenseSet|SparseToSparseSet", "works on sets"),
    (r"Sparse|.*Sparse|DeserializeSparse", "works on sparse tensors"),
    (r"Ragged", "works on ragged tensors"),
    (r"Queue|.*Queue|Stage|Unstage|Barrier", "works on a queue"),
    (r"TensorList|TensorArray", "works on a list of tensors"),
)
"""What ops do, by the beginning of their names; the first that fits."""


def uncompiled(text: str) -> tuple[str, tuple[Place, ...]]:
    """Return what XLA refused, in words, and where it was written; empty if the message is another one."""
    text = text[:LONGEST_READ]
    if match := CONSTANT.search(text):
        words = f"op {match['op']} takes a size or an axis from a value that is known only when it runs"
        return words, tuple(places_in(text[match.end() :]))
    if match := UNTYPED.search(text):
        return f"an argument or a value {KINDS.get(match['dtype'].upper(), 'is a ' + match['dtype'])}", ()
    refused = list(REFUSED.finditer(text))
    if not refused:
        return "", ()
    arguments = list(dict.fromkeys(words for match in refused if (words := _argument(match))))
    if arguments:
        return "; ".join(arguments), ()
    ops: dict[str, list[str]] = {}
    for match in refused:
        does = ops.setdefault(_does(match["op"], match["rest"]), [])
        if match["op"] not in does:
            does.append(match["op"])
    told = [f"op {' and '.join(names)}{f', which {does}' if does else ''}" for does, names in ops.items()]
    _, created, where = text.partition(CREATED)
    return "; ".join(told), tuple(places_in(where)) if created else tuple(places_in(text))


def _argument(match: re.Match[str]) -> str:
    """Return what is wrong with an argument, or with a variable's dtype; empty for any other op."""
    dtype = DTYPE.search(match["rest"])
    if dtype is None or match["op"] not in ("_Arg", "_Retval", "ReadVariableOp", "AssignVariableOp"):
        return ""
    if match["op"] == "_Retval":
        return f"it returns a {dtype[1].lower()}"
    if match["op"] != "_Arg":
        return f"a variable holds a {dtype[1].lower()}"
    name = ARGUMENT.search(match["rest"])
    what = f"argument `{name[1]}`" if name else "a tensor from outside the function"
    return f"{what} {KINDS.get(dtype[1], f'is a {dtype[1].lower()}')}"


def _does(op: str, rest: str) -> str:
    if words := next((words for pattern, words in DOES if re.match(pattern, op)), ""):
        return words
    dtype = DTYPE.search(rest)
    return f"has no form for {dtype[1].lower()}" if dtype else ""
