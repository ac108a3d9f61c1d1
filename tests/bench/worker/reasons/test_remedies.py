"""What to do about messages that are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.reasons.peeling import Peeled
from bench.worker.reasons.remedies import Met, missing_name, remedy

NOT_FOUND = "Could not locate class 'Swish2'. Make sure custom classes and functions are decorated with"
SINGLETON = "tf.function only supports singleton tf.Variables created on the first call. Make sure the tf.Variable"


def said(type_name: str, text: str, *, is_model_file: bool = False, by_dataset: bool = False) -> str:
    """Return the remedy for an exception."""
    return remedy(Met(Peeled(type_name, text), is_model_file=is_model_file, by_dataset=by_dataset))


def test_what_a_model_file_lacks_is_named_and_how_to_give_it() -> None:
    words = "it needs `Swish2`, which is not in the file: load it in a FILE.py and run FILE.py::model"
    assert said("TypeError", NOT_FOUND, is_model_file=True) == words


def test_advice_about_a_model_file_keeps_what_of_the_model_is_called() -> None:
    met = Met(Peeled("TypeError", NOT_FOUND), is_model_file=True, method="train_step")
    assert remedy(met).endswith("load it in a FILE.py and run FILE.py::model.train_step")


def test_all_that_a_model_file_lacks_is_named_at_once() -> None:
    met = Met(Peeled("TypeError", NOT_FOUND), is_model_file=True, lacking=("Swish2", "my>Halve", "huberish"))
    assert remedy(met) == (
        "it needs `Swish2`, `my>Halve` and `huberish`, which are not in the file: "
        "load it with them as custom_objects in a FILE.py and run FILE.py::model"
    )


def test_what_a_model_file_lacks_beyond_a_few_is_counted() -> None:
    met = Met(Peeled("TypeError", NOT_FOUND), is_model_file=True, lacking=tuple("ABCDEF"))
    assert "it needs `Swish2`, `A`, `B`, `C`, `D` and 2 more, which" in remedy(met)


def test_code_that_loads_a_model_is_told_how_to_pass_the_class() -> None:
    begins = "Keras does not find `Swish2`: pass custom_objects={'Swish2': Swish2} to load_model"
    assert said("TypeError", NOT_FOUND).startswith(begins)
    assert "{'my>bent': bent}" in said("TypeError", "Could not locate function 'my>bent'. Make sure")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (NOT_FOUND, "Swish2"),
        (f"{NOT_FOUND}. Full object config: {{'module': None, 'registered_name': 'my>Swish2'}}", "my>Swish2"),
        (f"{NOT_FOUND}. Full object config: {{'module': None, 'registered_name': 'Swish2'}}", "Swish2"),
        ("Could not locate function 'my>curved'. Make sure", "my>curved"),
        ("Unknown layer: 'Swish2'. Please ensure you are using a `keras.utils.custom_object_scope`", "Swish2"),
        ("Unknown loss function: huberish. Please ensure this object is passed to", "huberish"),
        ("Cannot deserialize object of type `Con`. If `Con` is a custom class", "Con"),
        ("Could not interpret loss identifier: huberish", "huberish"),
        ("Unknown variable: <tf.Variable>. This optimizer can only be called", ""),
        ("five channels are wanted", ""),
    ],
)
def test_the_missing_name_is_found_with_its_package(text: str, name: str) -> None:
    assert missing_name(text) == name


@pytest.mark.parametrize(
    ("type_name", "text", "begins"),
    [
        ("StopIteration", "", "the iterator ran out before the calls did"),
        ("RuntimeError", "generator raised StopIteration", "the iterator ran out before the calls did"),
        ("OutOfRangeError", "End of sequence", "the data ran out before the calls did: end the dataset with .repeat()"),
        ("OutOfRangeError", "slice 9 is out of range", ""),
        ("ValueError", SINGLETON, "ValueError: tf.function only supports singleton tf.Variables, and this makes one"),
        (
            "AttributeError",
            "'SymbolicTensor' object has no attribute 'numpy'",
            "AttributeError: 'SymbolicTensor' object has no attribute 'numpy': a tensor has no value while a graph",
        ),
        (
            "OperatorNotAllowedInGraphError",
            "Using a symbolic `tf.Tensor` as a Python `bool` is not allowed. You can attempt the following",
            "OperatorNotAllowedInGraphError: Using a symbolic `tf.Tensor` as a Python `bool` is not allowed: AutoGraph",
        ),
        ("SystemExit", "1", "it ends the process: sys.exit(1)"),
        ("SystemExit", "set DATA_DIR", ""),
        ("NotFoundError", "Op type not registered 'SentencepieceOp' in binary", "it needs the op `SentencepieceOp`"),
        (
            "ValueError",
            "File format not supported: filepath=exported. Keras 3 only supports V3 `.keras` files",
            "Keras does not load exported: load a SavedModel with tf.saved_model.load",
        ),
        ("ValueError", "five channels are wanted", ""),
    ],
)
def test_other_known_messages_say_what_to_do(type_name: str, text: str, begins: str) -> None:
    words = said(type_name, text)
    assert words.startswith(begins)
    assert bool(words) == bool(begins)


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("Cannot parse file b'/m/served/saved_model.pb': Error parsing message with type", "saved_model.pb"),
        ("Could not find SavedModel .pb or .pbtxt at: /m", ""),
        (
            "Unsuccessful TensorSliceReader constructor: Failed to find any matching files for /m/variables/variables",
            "variables/variables",
        ),
    ],
)
def test_what_of_a_saved_model_is_damaged_is_named(text: str, file: str) -> None:
    words = f"{file} of the SavedModel is damaged or not there: save the model again, with model.export or"
    assert said("OSError", text).startswith(words if file else "")
    assert bool(said("OSError", text)) == bool(file)


@pytest.mark.parametrize(
    ("type_name", "text", "begins"),
    [
        ("ValueError", "Unrecognized keyword arguments passed to Dense: {'units_': 3}", "another version of Keras has"),
        ("ValueError", "File not found: filepath=a.keras. Please ensure", "the file is damaged or no Keras model"),
        ("OSError", "Unable to synchronously open file (truncated file: eof)", "the file is damaged or no Keras model"),
        ("ValueError", "No model config found in the file at a.h5.", "it holds weights alone"),
        ("TypeError", "string indices must be integers, not 'str'", "what the model was compiled with cannot be read"),
    ],
)
def test_messages_about_model_files_are_known_where_one_is_read(type_name: str, text: str, begins: str) -> None:
    assert said(type_name, text, is_model_file=True).startswith(begins)
    assert said(type_name, text) == ""


def test_an_iterator_of_tf_data_is_told_to_repeat() -> None:
    assert (
        said("StopIteration", "", by_dataset=True)
        == "the data ran out before the calls did: end the dataset with .repeat()"
    )


@pytest.mark.parametrize(
    ("calls", "when"), [(0, "in the first call"), (1, "after 1 call"), (2_000, "after 2,000 calls")]
)
def test_data_that_ran_out_is_told_with_the_calls_that_it_served(calls: int, when: str) -> None:
    met = Met(Peeled("OutOfRangeError", "End of sequence"), calls=calls)
    assert remedy(met) == f"the data ran out {when}: end the dataset with .repeat()"


@given(st.text(max_size=200), st.booleans())
def test_any_text_is_read(text: str, is_model_file: bool) -> None:
    assert "\n" not in said("ValueError", text, is_model_file=is_model_file)
