"""The code that is shown of a workload, held against the workload itself."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bench.catalogue import WORKLOADS, Workload
from bench.plan import MODES
from bench.worker.modes.modes import MODES as WORKER_MODES
from bench.worker.modes.tf_options import PLAIN
from tui.draft.mode_help import MEANINGS, WRITTEN
from tui.draft.workload_code import code_of

EVERY = pytest.mark.parametrize("workload", WORKLOADS.values(), ids=lambda workload: workload.name)


@EVERY
def test_what_is_shown_is_python_that_needs_nothing_that_is_not_shown(workload: Workload) -> None:
    code = code_of(workload.build)
    (step,) = ast.parse(code.function).body
    assert isinstance(step, ast.FunctionDef)
    shown = f"{code.where}\n{code.function}\n{code.signature}"
    given = {"tf", "keras", "dataclass", "Any", "dtype", *(dim.name for dim in workload.dims), *vars(builtins)}
    assert unbound(ast.parse(shown)) <= given


@EVERY
def test_what_is_defined_stands_before_what_uses_it(workload: Workload) -> None:
    defined: set[str] = set()
    statements = ast.parse(code_of(workload.build).where).body
    for at, statement in enumerate(statements):
        later = {name for other in statements[at:] for name in bound_by(other)}
        assert unbound(ast.Module([statement], [])) & later - defined == set(), ast.unparse(statement)
        defined |= bound_by(statement)


@EVERY
def test_no_annotation_and_no_docstring_takes_room(workload: Workload) -> None:
    code = code_of(workload.build)
    assert "-> " not in code.function + code.where
    assert '"""' not in code.function + code.where
    assert "\n\n" not in code.function + code.where


def unbound(tree: ast.Module) -> set[str]:
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    bound |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
    return {name.id for name in names if name.id not in bound}


def bound_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    assert isinstance(statement, ast.Assign)
    return {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def test_a_function_is_shown_as_it_is_written_with_the_variables_it_uses() -> None:
    code = code_of(WORKLOADS["gelu_mlp"].build)
    assert code.function == (
        "def step(x):\n    h = tf.nn.gelu(tf.matmul(x, w1) + b1)\n    return tf.matmul(h, w2) + b2"
    )
    assert [line.partition(" = ")[0] for line in code.where.splitlines()] == ["w1", "b1", "w2", "b2"]


def test_what_helpers_are_given_stands_in_the_place_of_their_parameters() -> None:
    assert "keras.layers.LSTMCell(units," in code_of(WORKLOADS["lstm"].build).where
    assert code_of(WORKLOADS["resnet50"].build).where == (
        "model = keras.applications.ResNet50(weights=None, input_shape=(size, size, 3), classes=1000)"
    )
    assert "tape.gradient(scaled_loss, model.trainable_variables)" in code_of(WORKLOADS["train_step"].build).function


def test_what_a_function_says_of_its_arguments_is_a_setting_of_every_decorator() -> None:
    signature = code_of(WORKLOADS["dynamic_shapes"].build).signature
    assert signature == "input_signature=[tf.TensorSpec((None, columns), dtype)]"
    assert WRITTEN["xla"].lines(signature) == (f"@tf.function({signature}, jit_compile=True)",)
    assert WRITTEN["graph"].lines(signature) == (f"@tf.function({signature})",)
    assert WRITTEN["eager"].lines(signature) == ()


# --- how modes are written ------------------------------------------------------------------------------------------


def test_every_mode_has_words_and_is_written_somehow() -> None:
    assert list(WRITTEN) == list(MEANINGS) == list(MODES)


@pytest.mark.parametrize("mode", MODES)
def test_a_decorator_has_the_settings_that_the_worker_gives(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tensorflow = Recorder()
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow.module)
    written, worker = WRITTEN[mode], WORKER_MODES[mode]
    exec("\n".join([*written.lines(), "def step(x): ..."]), {"tf": tensorflow.module})
    by_user, tensorflow.calls = tensorflow.calls, []
    if written.settings is None:
        assert by_user == []
    else:
        worker.wrap(lambda x: x)
        options = worker.options or PLAIN
        switched_on: list[tuple[str, Any]] = [("set_jit", "autoclustering")] if options.autoclustering else []
        switched_on += [("set_experimental_options", dict(options.grappler))] if options.grappler else []
        assert by_user == [*switched_on, *tensorflow.calls]
        assert tensorflow.calls == [("function", tensorflow.calls[0][1])]
        assert worker.is_concrete == ("get_concrete_function" in written.remark)


class Recorder:
    """Stands in for TensorFlow, and keeps what of it was called, and with what."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        optimizer = SimpleNamespace(
            set_jit=lambda value: self.calls.append(("set_jit", value)),
            set_experimental_options=lambda value: self.calls.append(("set_experimental_options", value)),
        )
        self.module: Any = SimpleNamespace(function=self._function, config=SimpleNamespace(optimizer=optimizer))

    def _function(self, function: Callable[..., Any] | None = None, **settings: Any) -> Any:
        self.calls.append(("function", settings))
        return function or (lambda decorated: decorated)
