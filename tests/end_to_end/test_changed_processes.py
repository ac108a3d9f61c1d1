"""What user code changes in its process reaches no other case: the next one gets a fresh process, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.events import CaseFinished, Event, Looked, Notice, PlanFinished, WorkerReleased, WorkerStarting
from bench.plan import Case, Plan
from tests.driver import Driver
from tests.far_side import TWO, scripted

POLICY = "Keras's dtype policy (float32, now mixed_bfloat16)"

PROBE = """
import keras
import numpy as np
import tensorflow as tf

def probe(x: tf.TensorSpec((2,), tf.float32)):
    assert keras.config.dtype_policy().name == "float32"
    assert np.geterr()["divide"] == "warn"
    return x + 1.0
"""
"""A function that fails in a process that is not as it should be."""

SWITCHING = """
import tensorflow as tf
{switch}

def scale(x: tf.TensorSpec((2,), tf.float32)):
    return 2.0 * x
"""


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def counted(driver: Driver, kind: type[Event], mark: int = 0) -> int:
    return sum(isinstance(event, kind) for event in driver.emitted[mark:])


def test_what_a_file_switches_is_told_once_and_the_next_case_is_measured_in_a_fresh_process(
    driver: Driver, tmp_path: Path
) -> None:
    switch = "import keras, numpy\nkeras.config.set_dtype_policy('mixed_bfloat16')\nnumpy.seterr(all='raise')"
    switching = Case(write(tmp_path / "switching.py", SWITCHING.format(switch=switch)) + "::scale")
    probe = Case(write(tmp_path / "probe.py", PROBE) + "::probe")
    mark = driver.mark
    results = driver.measure(switching, probe)
    assert [result.all_ok for result in results] == [True, True]
    assert driver.wait_for(CaseFinished, since=mark).changed == ("NumPy's error states (np.seterr)", POLICY)
    assert driver.wait_for(WorkerReleased, since=mark).reason == "user code changed the process"
    notice = driver.wait_for(Notice, lambda event: event.severity != "log", since=mark)
    assert notice.severity == "information"
    assert POLICY in notice.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("switch", "words"),
    [
        ("tf.compat.v1.disable_eager_execution()", "eager execution (on, now off)"),
        ("tf.compat.v1.disable_v2_behavior()", "eager execution (on, now off)"),
        ("tf.config.run_functions_eagerly(True)", "running functions eagerly (off, now on)"),
        ("tf.config.optimizer.set_jit(True)", "autoclustering"),
        ("tf.config.experimental.enable_op_determinism()", "determinism (off, now on)"),
        ("tf.debugging.enable_check_numerics()", "numeric checks or other callbacks of operations"),
        ("tf.experimental.numpy.experimental_enable_numpy_behavior()", "TensorFlow's NumPy behaviour (off, now on)"),
        ("tf.random.get_global_generator()", "the global random generator"),
        (
            "tf.distribute.experimental_set_strategy(tf.distribute.OneDeviceStrategy('CPU:0'))",
            "the distribution strategy",
        ),
        ("import os; os.environ['MINE'] = '1'; os.chdir('/')", "the working directory"),
        ("import sys; sys.path.append('/mine'); sys.argv[1:] = ['x']", "the module path (sys.path)"),
        ("import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", "the thread "),
        ("tf.nn.relu = tf.nn.gelu", "the function tf.nn.relu"),
    ],
)
def test_each_of_a_files_switches_is_seen(driver: Driver, tmp_path: Path, switch: str, words: str) -> None:
    mark = driver.mark
    switching = Case(write(tmp_path / "switching.py", SWITCHING.format(switch=switch)) + "::scale")
    probe = Case(write(tmp_path / "probe.py", PROBE) + "::probe")
    _, result = driver.measure(switching, probe)
    assert any(name.startswith(words) for name in driver.wait_for(CaseFinished, since=mark).changed)
    assert result.all_ok
    assert counted(driver, WorkerStarting, mark) == 1


@pytest.mark.slow
@pytest.mark.parametrize("indent", ["", "    "], ids=["in the file", "in the function"])
def test_a_case_that_switches_eager_execution_off_is_told_so(driver: Driver, tmp_path: Path, indent: str) -> None:
    lines = ["import tensorflow as tf", "def f(x: tf.TensorSpec((2,), tf.float32)):"]
    lines.insert(2 if indent else 1, f"{indent}tf.compat.v1.disable_eager_execution()")
    (result,) = driver.measure(Case(write(tmp_path / "off.py", "\n".join([*lines, "    return x + 1.0"])) + "::f"))
    assert result.error.startswith("your code switches eager execution off (")


def test_one_notice_is_enough_for_a_plan_whose_every_case_changes_the_same() -> None:
    with Driver(scripted(measure=["change policy"], kill=["die"])) as driver:
        driver.engine.submit(Plan((*TWO, *TWO)))
        driver.wait_for(PlanFinished)
        assert counted(driver, WorkerReleased) == counted(driver, WorkerStarting) - 1 == 3
        assert [event.text for event in driver.emitted if isinstance(event, Notice)] == [
            "your code changed the process (policy), so what comes next gets a fresh one"
        ]


def test_code_that_was_only_looked_at_leaves_nothing_behind_either() -> None:
    with Driver(scripted(look=["looked policy"], kill=["die"], measure=["finish"])) as driver:
        for name in ("mine.py::f", "yours.py::f"):
            mark = driver.mark
            driver.engine.look(name, "", "CPU:0")
            driver.wait_for(Looked, since=mark)
        assert driver.wait_for(WorkerReleased).reason == "user code changed the process"
        driver.engine.submit(Plan(TWO))
        driver.wait_for(PlanFinished)
        assert counted(driver, WorkerStarting) == 3


def test_of_many_changes_the_first_are_named() -> None:
    with Driver(scripted(measure=["change a b c d e f"], kill=["die"])) as driver:
        driver.engine.submit(Plan(TWO))
        assert "(a, b, c, d and 2 more)" in driver.wait_for(Notice).text


def test_a_file_is_read_with_the_same_random_numbers_whatever_came_before(driver: Driver, tmp_path: Path) -> None:
    drawing = """
import random
import keras, numpy
import tensorflow as tf

drawn = random.random(), numpy.random.rand(), float(tf.random.uniform(())), float(keras.random.uniform(()))
raise ValueError(f"drawn {drawn}")
"""
    case = Case(write(tmp_path / "drawing.py", drawing) + "::f")
    first, _, again = driver.measure(case, Case("softmax"), case)
    assert first.error == again.error
    assert "drawn (" in first.error
