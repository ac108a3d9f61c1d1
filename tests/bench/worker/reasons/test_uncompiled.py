"""What XLA cannot compile, in the user's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.reasons.uncompiled import uncompiled

UNSUPPORTED = "Detected unsupported operations when trying to compile graph f[] on XLA_GPU_JIT: "
CREATED = '\nThe op is created at: \nFile "me/mine.py", line 3, in step\nFile "me/mine.py", line 9, in inner\n\ttf2xla'


def no_kernel(op: str, node: str = "n", attributes: str = "") -> str:
    """Return what TensorFlow says of an op without a kernel of XLA's."""
    found = f"\n\t (OpKernel was found, but attributes didn't match) Requested Attributes: {attributes}"
    why = f"No registered '{op}' OpKernel for XLA_GPU_JIT devices compatible with node {{{{node {node}}}}}"
    return f"{op} ({why}{found if attributes else ''}){{{{node {node}}}}}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (no_kernel("IteratorGetNext"), "op IteratorGetNext, which reads from tf.data"),
        (no_kernel("ReduceDataset"), "op ReduceDataset, which reads from tf.data"),
        (no_kernel("LookupTableFindV2"), "op LookupTableFindV2, which looks up in a table of tf.lookup"),
        (
            no_kernel("DebugNumericSummaryV2"),
            "op DebugNumericSummaryV2, which checks numbers (tf.debugging.enable_check_numerics)",
        ),
        (no_kernel("Rare"), "op Rare"),
        (no_kernel("Rare", attributes="T=DT_INT4"), "op Rare, which has no form for int4"),
        (
            f"{no_kernel('StringFormat')}, {no_kernel('PrintV2')}",
            "op StringFormat and PrintV2, which prints or formats text (tf.print)",
        ),
        (f"{no_kernel('Rare')}, {no_kernel('Eig')}", "op Rare; op Eig, which computes general eigenvalues"),
        (
            no_kernel("_Arg", "x", 'T=DT_STRING, _output_shapes=[[2]], _user_specified_name="x", index=0'),
            "argument `x` is a string or holds one",
        ),
        (
            no_kernel("_Arg", "rows", 'T=DT_VARIANT, _user_specified_name="rows", index=0'),
            "argument `rows` is a dataset or a list of tensors, or holds one",
        ),
        (
            no_kernel("_Arg", "a", 'T=DT_RESOURCE, _user_specified_name="a", index=0'),
            "argument `a` is a resource, such as an iterator or a lookup table, or holds one",
        ),
        (
            no_kernel("_Arg", "const", "T=DT_STRING, index=0"),
            "a tensor from outside the function is a string or holds one",
        ),
        (no_kernel("ReadVariableOp", attributes="dtype=DT_STRING"), "a variable holds a string"),
        (
            "Input 1 to node `a/Reshape` with op Reshape must be a compile-time constant.\n\nXLA compilation requires",
            "op Reshape takes a size or an axis from a value that is known only when it runs",
        ),
        (
            "Unsupported type in DataTypeToPrimitiveType: 'variant'",
            "an argument or a value is a dataset or a list of tensors, or holds one",
        ),
        ("Matrix size-incompatible: In[0]: [2,4], In[1]: [3,4]\n\ttf2xla conversion failed", ""),
        ("", ""),
    ],
)
def test_the_op_or_the_argument_is_named(text: str, words: str) -> None:
    assert uncompiled(UNSUPPORTED + text)[0] == words


def test_the_place_is_where_the_op_was_created() -> None:
    assert [place.line for place in uncompiled(UNSUPPORTED + no_kernel("Eig") + CREATED)[1]] == [3, 9]


@given(st.lists(st.sampled_from([UNSUPPORTED, CREATED, no_kernel("_Arg"), "{{node ", "}}", "("]) | st.text(max_size=9)))
def test_any_text_is_read(parts: list[str]) -> None:
    assert "\n" not in uncompiled("".join(parts))[0]
