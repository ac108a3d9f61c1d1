"""Whether a trace computes in the dtype that was asked for."""

from __future__ import annotations

from typing import Any

from ...plan import PlanError, compute_dtype


def check_precision(name: str, policy: str, concrete: Any) -> None:
    """Raise PlanError where a trace has no tensor of the dtype that a policy of mixed precision computes in.

    What does not take up the policy would have the figures of another precision.
    """
    import tensorflow as tf

    dtype = compute_dtype(policy)
    graph = concrete.graph.as_graph_def()
    nodes = (*graph.node, *(node for each in graph.library.function for node in each.node_def))
    kind = tf.as_dtype(dtype).as_datatype_enum
    if not any(attribute.type == kind for node in nodes for attribute in node.attr.values()):
        narrow = f"{name} computes nothing in {dtype}"
        raise PlanError(f"{narrow}: mixed precision is a policy of Keras layers, and none here takes it up")
