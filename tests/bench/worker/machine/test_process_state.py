"""Every switch of the process that user code may throw is seen, and nothing where none was thrown."""

from __future__ import annotations

import gc
import locale
import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bench.worker.machine.fingerprint import Fingerprint, differences
from bench.worker.machine.process_state import UNKNOWN, take_fingerprint

Switch = Callable[[Any, pytest.MonkeyPatch, ExitStack], object]
"""Throws a switch of the process; what throws it back goes to the stack."""


def keras_config() -> Any:
    import keras

    return keras.config


def set_policy(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(keras_config().set_dtype_policy, "float32")
    keras_config().set_dtype_policy("float64")


def set_floatx(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(keras_config().set_floatx, "float32")
    keras_config().set_floatx("float64")


def set_image_format(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(keras_config().set_image_data_format, "channels_last")
    keras_config().set_image_data_format("channels_first")


def register(_: Any, __: Any, after: ExitStack) -> None:
    import keras

    after.callback(keras.saving.get_custom_objects().pop, "mine>Swish")
    keras.saving.get_custom_objects()["mine>Swish"] = int


def check_numerics(tf: Any, _: Any, after: ExitStack) -> None:
    after.callback(tf.debugging.disable_check_numerics)
    tf.debugging.enable_check_numerics()


def run_eagerly(tf: Any, _: Any, after: ExitStack) -> None:
    after.callback(tf.config.run_functions_eagerly, False)
    tf.config.run_functions_eagerly(True)


def optimize_less(tf: Any, _: Any, after: ExitStack) -> None:
    after.callback(tf.config.optimizer.set_experimental_options, {"constant_folding": None})
    tf.config.optimizer.set_experimental_options({"constant_folding": False})


def tell_more(tf: Any, _: Any, after: ExitStack) -> None:
    after.callback(tf.autograph.set_verbosity, 0)
    tf.autograph.set_verbosity(1)


def log_more(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(logging.getLogger().setLevel, logging.getLogger().level)
    logging.getLogger().setLevel("DEBUG")


def enter_device(tf: Any, _: Any, after: ExitStack) -> None:
    after.enter_context(tf.device("CPU:0"))


def enter_strategy(tf: Any, _: Any, after: ExitStack) -> None:
    after.enter_context(tf.distribute.OneDeviceStrategy("CPU:0").scope())


def use_less_precision(tf: Any, _: Any, after: ExitStack) -> None:
    execution = tf.config.experimental
    after.callback(execution.enable_tensor_float_32_execution, True)
    execution.enable_tensor_float_32_execution(False)


def place_softly(tf: Any, _: Any, after: ExitStack) -> None:
    was = tf.config.get_soft_device_placement()
    after.callback(tf.config.set_soft_device_placement, was)
    tf.config.set_soft_device_placement(not was)


def handle_signal(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(signal.signal, signal.SIGUSR1, signal.getsignal(signal.SIGUSR1))
    signal.signal(signal.SIGUSR1, lambda *_: None)


def be_strict(_: Any, __: Any, after: ExitStack) -> None:
    after.enter_context(warnings.catch_warnings())
    warnings.simplefilter("error")


def mask_less(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(os.umask, os.umask(0o007))


def collect_no_garbage(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(gc.enable)
    gc.disable()


def recurse_deeper(_: Any, __: Any, after: ExitStack) -> None:
    after.callback(sys.setrecursionlimit, sys.getrecursionlimit())
    sys.setrecursionlimit(54_321)


def start_thread(_: Any, __: Any, after: ExitStack) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait, name="worker of mine")
    after.callback(thread.join)
    after.callback(done.set)
    thread.start()


def start_process(_: Any, __: Any, after: ExitStack) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    after.callback(child.communicate)


def load_module(_: Any, monkeypatch: pytest.MonkeyPatch, __: Any) -> None:
    module = ModuleType("helpers")
    module.__file__ = "/home/me/lib/helpers.py"
    monkeypatch.setitem(sys.modules, "helpers", module)


SWITCHES: dict[str, Switch] = {
    "Keras's dtype policy (float32, now float64)": set_policy,
    "Keras's floatx (float32, now float64)": set_floatx,
    "Keras's image data format (channels_last, now channels_first)": set_image_format,
    "classes registered with Keras": register,
    "numeric checks or other callbacks of operations": check_numerics,
    "running functions eagerly (off, now on)": run_eagerly,
    "the graph optimizer's options": optimize_less,
    "AutoGraph's verbosity (0, now 1)": tell_more,
    "the level of logging": log_more,
    "the default device": enter_device,
    "the distribution strategy": enter_strategy,
    "TensorFloat-32 (on, now off)": use_less_precision,
    "soft device placement": place_softly,
    "NumPy's error states (np.seterr)": lambda _, __, after: after.enter_context(np.errstate(all="raise")),
    "the environment variable SWITCHED": lambda _, patch, __: patch.setenv("SWITCHED", "1"),
    "the arguments (sys.argv)": lambda _, patch, __: patch.setattr(sys, "argv", ["mine.py"]),
    "the working directory": lambda _, patch, __: patch.chdir("/"),
    "sys.stdout": lambda _, patch, __: patch.setattr(sys, "stdout", None),
    "the handler of SIGUSR1": handle_signal,
    "warnings that are errors": be_strict,
    "the umask": mask_less,
    "the garbage collector (on, now off)": collect_no_garbage,
    "the recursion limit": recurse_deeper,
    "the thread worker of mine (still running)": start_thread,
    "process": start_process,
    "the module helpers (still loaded)": load_module,
    "the function tf.nn.relu": lambda tf, patch, _: patch.setattr(tf.nn, "relu", abs),
    "the function tf.Tensor.__add__": lambda tf, patch, _: patch.setattr(tf.Tensor, "__add__", max),
    "the function time.time": lambda _, patch, __: patch.setattr(time, "time", lambda: 0.0),
    "the function random.random": lambda _, patch, __: patch.setattr(random, "random", lambda: 0.5),
    "the locale": lambda _, patch, __: patch.setattr(locale, "setlocale", lambda *_: "de_DE"),
}


def present(tf: Any) -> Fingerprint:
    tf.ones(())
    return take_fingerprint(tf, sys.path)


@pytest.fixture
def after() -> Iterator[ExitStack]:
    """Return what is done when the test is over."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("words", SWITCHES)
def test_a_switch_is_seen(tf: Any, monkeypatch: pytest.MonkeyPatch, after: ExitStack, words: str) -> None:
    before = present(tf)
    SWITCHES[words](tf, monkeypatch, after)
    told = differences(before, present(tf))
    assert any(name.startswith(words) for name in told), told


def test_where_nothing_was_switched_nothing_differs(tf: Any) -> None:
    before = present(tf)
    tf.function(lambda x: tf.reduce_sum(x) + tf.py_function(abs, [x[0]], tf.float32), jit_compile=False)(tf.ones(3))
    assert differences(before, present(tf)) == ()


def test_this_tensorflow_tells_of_all_that_is_asked(tf: Any) -> None:
    assert [name for name, value in present(tf).facts.items() if value == UNKNOWN] == []


def test_modules_beside_the_file_that_is_read_afresh_do_not_count(tf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    load_module(tf, monkeypatch, None)
    assert "helpers" in take_fingerprint(tf).modules
    assert "helpers" not in take_fingerprint(tf, is_read_afresh=lambda name: name == "helpers").modules
