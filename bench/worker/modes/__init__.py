"""The modes: how eager, graph, XLA and the others wrap a workload, and how a mode is built.

It imports workloads.
"""
