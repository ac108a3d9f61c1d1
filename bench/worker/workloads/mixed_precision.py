"""Mixed precision of the user's own code: Keras's policy, which its layers take up as they are made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...catalogue import Workload
from ...plan import DEFAULT_DTYPE, MIXED, PlanError, weight_dtype

_ours = DEFAULT_DTYPE
"""The policy that was last put in force here: as global as Keras's."""


def compute_in(policy: str) -> None:
    """Have layers that are made from now on take this policy, whatever an earlier user's file has set."""
    global _ours
    import keras

    _ours = policy
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy(policy)


def take_policy_back() -> None:
    """Put the default policy in place of the one from `compute_in`; one that user code has set since stays."""
    import keras

    if keras.config.dtype_policy().name == _ours:
        keras.config.set_dtype_policy(DEFAULT_DTYPE)


def in_mixed_precision_too(workload: Workload) -> Workload:
    """The user's workload, which runs in mixed precision if it is built under such a policy.

    A parameter `dtype` is what weights are kept in, then.
    """

    def build(**parameters: Any) -> Any:
        if "dtype" in parameters:
            parameters["dtype"] = weight_dtype(parameters["dtype"])
        return workload.build(**parameters)

    return replace(workload, dtypes=(*workload.dtypes, *MIXED), build=build)


def with_policy(model: Any, name: str) -> Any:
    """A saved model, made anew with the present policy in place of float32; itself where that is float32.

    Raises PlanError where no layer names that policy.
    """
    import keras

    policy = keras.config.dtype_policy().name
    if policy == "float32":
        return model
    saved = keras.saving.serialize_keras_object(model)
    changed = _with_policy(saved, policy)
    if changed == saved:
        raise PlanError(f"{name} keeps the precision it was saved with: no layer of it names the policy float32")
    again = keras.saving.deserialize_keras_object(changed)
    again.set_weights(model.get_weights())
    return again


def _with_policy(config: Any, policy: str) -> Any:
    """What Keras writes of a model, with another policy in place of float32."""
    if isinstance(config, list | tuple):
        return type(config)(_with_policy(each, policy) for each in config)
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy" and config["config"].get("name") == "float32":
        return {**config, "config": {**config["config"], "name": policy}}
    return {key: _with_policy(value, policy) for key, value in config.items()}
