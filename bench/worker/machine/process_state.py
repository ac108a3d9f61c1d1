"""Read the state of the process that user code may change: what is compared before a case and after it.

Reading never raises: what this TensorFlow, Keras or system does not tell is unknown, before and after alike.
"""

from __future__ import annotations

import gc
import locale
import logging
import os
import signal
import sys
import sysconfig
import threading
import time
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .fingerprint import Fingerprint, Same

UNKNOWN = "unknown"

IsOwn = Callable[[str], bool]


def take_fingerprint(tf: Any, path: Sequence[str] = (), is_read_afresh: IsOwn = lambda _: False) -> Fingerprint:
    """Return the present state of the process.

    `path`: where modules are looked for, without what we put there ourselves. `is_read_afresh` tells by its name of a
    module that no later case finds loaded.
    """
    facts = {name: _told(read) for name, read in (*_interpreter(path), *_numpy(), *_tensorflow(tf), *_keras())}
    facts.update({f"the environment variable {name}": (value,) for name, value in os.environ.items()})
    facts.update({f"the handler of {name}": handler for name, handler in _signal_handlers()})
    functions = {name: dict(vars(place)) for name, place in _patchable()}
    return Fingerprint(facts, functions, dict(_running()), dict(_user_modules(is_read_afresh)))


def _told(read: Callable[[], Hashable]) -> Hashable:
    """Return what is read, if anything can be, and can be compared."""
    try:
        value = read()
        hash(value)
    except Exception:  # private places move, files vanish
        return UNKNOWN
    return value


Facts = Iterator[tuple[str, Callable[[], Hashable]]]


def _interpreter(path: Sequence[str]) -> Facts:
    yield "the arguments (sys.argv)", lambda: tuple(sys.argv)
    yield "the working directory", lambda: (os.getcwd(),)  # noqa: PTH109 - a string
    yield "the module path (sys.path)", lambda: tuple(path)
    yield "the garbage collector", gc.isenabled
    yield "the thresholds of the garbage collector", gc.get_threshold
    yield "the recursion limit", lambda: str(sys.getrecursionlimit())
    yield "the switch interval of threads", sys.getswitchinterval
    yield "the tracing function (sys.settrace)", lambda: Same(sys.gettrace())
    yield "the profiling function (sys.setprofile)", lambda: Same(sys.getprofile())
    yield "sys.excepthook", lambda: Same(sys.excepthook)
    yield "sys.stdout", lambda: (Same(sys.stdout), _file(1))
    yield "sys.stderr", lambda: (Same(sys.stderr), _file(2))
    yield "sys.stdin", lambda: (Same(sys.stdin), _file(0))
    yield "warnings that are errors", lambda: tuple(str(each) for each in warnings.filters if each[0] == "error")
    yield "the level of logging", lambda: str(logging.getLogger().level)
    yield "the locale", lambda: locale.setlocale(locale.LC_ALL)
    yield "the time zone", lambda: time.tzname
    yield "the umask", _umask
    yield "the CPU affinity", lambda: tuple(sorted(os.sched_getaffinity(0)))
    yield "the priority of the process", lambda: str(os.getpriority(os.PRIO_PROCESS, 0))
    yield "the limits of resources", _limits


def _file(descriptor: int) -> Hashable:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def _umask() -> str:
    """Return the umask: there is no way to read it but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return oct(mask)


def _limits() -> Hashable:
    import resource

    return tuple((name, resource.getrlimit(getattr(resource, name))) for name in dir(resource) if name[:7] == "RLIMIT_")


def _signal_handlers() -> Iterator[tuple[str, Hashable]]:
    for number in sorted(signal.valid_signals()):
        name = getattr(number, "name", f"signal {int(number)}")
        yield name, Same(signal.getsignal(number))


def _numpy() -> Facts:
    import numpy as np

    yield "NumPy's error states (np.seterr)", lambda: tuple(sorted(np.geterr().items()))
    yield "NumPy's error callback", lambda: Same(np.geterrcall())
    yield "NumPy's buffer size", np.getbufsize


def _tensorflow(tf: Any) -> Facts:
    config, optimizer = tf.config, tf.config.optimizer
    yield "eager execution", tf.executing_eagerly
    yield "running functions eagerly", config.functions_run_eagerly
    yield "autoclustering", lambda: str(optimizer.get_jit())
    yield "the graph optimizer's options", lambda: _set_options(optimizer.get_experimental_options())
    yield "soft device placement", config.get_soft_device_placement
    yield "synchronous execution", config.experimental.get_synchronous_execution
    yield "the device policy", config.experimental.get_device_policy
    yield "TensorFloat-32", config.experimental.tensor_float_32_execution_enabled
    yield "the number of intra-op threads", lambda: str(config.threading.get_intra_op_parallelism_threads())
    yield "the number of inter-op threads", lambda: str(config.threading.get_inter_op_parallelism_threads())
    yield "the logging of device placement", tf.debugging.get_log_device_placement
    yield "the filtering of tracebacks", tf.debugging.is_traceback_filtering_enabled
    yield "the distribution strategy", lambda: tf.distribute.get_strategy().__class__.__name__
    yield "TensorFlow's NumPy behaviour", lambda: hasattr(tf.Tensor, "astype")
    yield "control flow v2", tf.compat.v1.control_flow_v2_enabled
    yield "resource variables", tf.compat.v1.resource_variables_enabled
    private = partial(_private, "tensorflow.python")
    yield "the default device", lambda: private("eager.context", "context")().device_name or "none"
    yield (
        "numeric checks or other callbacks of operations",
        lambda: tuple(map(Same, private("eager.context", "context")().op_callbacks)),
    )
    yield "determinism", lambda: bool(private("framework.config", "is_op_determinism_enabled")())
    yield "tensor equality", lambda: bool(private("framework.tensor", "Tensor")._USE_EQUALITY)
    yield "the debug mode of tf.data", lambda: bool(private("data.ops.debug_mode", "DEBUG_MODE"))
    yield "TensorFlow's level of logging", lambda: str(tf.get_logger().level)
    yield "AutoGraph's verbosity", lambda: str(private("autograph.utils.ag_logging", "get_verbosity")())
    yield "the dispatchers of operations", lambda: str(len(private("util.dispatch", "_GLOBAL_DISPATCHERS")))
    yield "the profiler", lambda: private("profiler.profiler_v2", "_profiler") is not None
    yield "the global random generator", lambda: Same(private("ops.stateful_random_ops", "global_generator"))


def _private(package: str, module: str, name: str) -> Any:
    """Return what TensorFlow keeps for itself. Raises KeyError or AttributeError where this version does not."""
    return getattr(sys.modules[f"{package}.{module}"], name)


def _set_options(options: Mapping[str, Any]) -> Hashable:
    """Return those that are set: TensorFlow tells of two that are not."""
    return tuple(sorted((name, value) for name, value in options.items() if value or not name.startswith("disable_")))


def _keras() -> Facts:
    import keras

    config = keras.config
    yield "Keras's dtype policy", lambda: str(config.dtype_policy().name)
    yield "Keras's floatx", config.floatx
    yield "Keras's image data format", config.image_data_format
    yield "Keras's backend", config.backend
    yield "Keras's epsilon", lambda: str(config.epsilon())
    yield "Keras's traceback filtering", config.is_traceback_filtering_enabled
    yield "Keras's interactive logging", config.is_interactive_logging_enabled
    yield "Keras's flash attention", lambda: str(config.is_flash_attention_enabled())
    yield "Keras's distribution", lambda: Same(keras.distribution.distribution())
    yield "Keras's unsafe deserialization", lambda: bool(keras.src.saving.serialization_lib.in_safe_mode())
    yield "classes registered with Keras", lambda: tuple(sorted(keras.saving.get_custom_objects()))


PACKAGES = ("site-packages", "dist-packages")

CONVERTED = "__autograph_generated_file"
"""How AutoGraph names a module that it makes of a user's function."""

PATCHABLE = (
    *("builtins", "math", "os", "random", "time"),
    *("numpy", "numpy.linalg", "numpy.random"),
    *("tensorflow", "tensorflow.raw_ops", "tensorflow.math", "tensorflow.nn", "tensorflow.linalg"),
    *("tensorflow.random", "tensorflow.debugging", "tensorflow.data", "tensorflow.config"),
    *("keras", "keras.layers", "keras.ops", "keras.activations", "keras.losses", "keras.optimizers", "keras.random"),
)
"""Modules whose functions a user's file may replace, with those of the classes beneath."""

PATCHABLE_CLASSES = (
    ("tensorflow", ("Tensor", "Variable", "Module", "GradientTape", "RaggedTensor", "SparseTensor")),
    ("keras", ("Layer", "Model", "Sequential", "Variable")),
    ("keras.layers", ("Dense", "Conv2D", "LayerNormalization", "BatchNormalization", "Dropout", "Embedding")),
)


def _patchable() -> Iterator[tuple[str, Any]]:
    """Yield modules and classes that are loaded, by the name that users know."""
    import keras
    import tensorflow as tf

    roots = {"tensorflow": tf, "keras": keras}
    for name in PATCHABLE:
        root, *path = name.split(".")
        place = roots.get(root) or sys.modules.get(name)
        for part in path if root in roots else ():
            place = vars(place).get(part) if place is not None else None
        if place is not None:
            spoken = name.replace("tensorflow", "tf", 1)
            yield spoken, place
            for of, classes in PATCHABLE_CLASSES:
                if of == name:
                    yield from ((f"{spoken}.{each}", vars(place)[each]) for each in classes if each in vars(place))


def _running() -> Iterator[tuple[str, Hashable]]:
    """Yield the threads that Python has started, and the child processes."""
    for thread in threading.enumerate():
        if not isinstance(thread, threading._DummyThread):  # TensorFlow's own, which has run Python once
            yield f"the thread {thread.name}", thread.ident
    for tasks in Path("/proc/self/task").glob("*/children"):
        try:
            children = tasks.read_text(encoding="ascii").split()
        except OSError:
            continue
        yield from ((f"process {child}", child) for child in children)


def _user_modules(is_read_afresh: IsOwn) -> Iterator[tuple[str, Hashable]]:
    """Yield the loaded modules from outside Python and its packages, without those that are read afresh."""
    installed = tuple(f"{place}{os.sep}" for place in sysconfig.get_paths().values())
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not os.path.isabs(file) or name.startswith(CONVERTED):  # noqa: PTH117
            continue
        if not any(each in file for each in PACKAGES) and not file.startswith(installed):
            file = os.path.realpath(file)
            if not file.startswith(tuple(map(os.path.realpath, installed))) and not is_read_afresh(name):
                yield name, Same(module)
