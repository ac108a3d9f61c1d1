"""Checks of what a mode computes: its output, its graph, its traces and compilations.

It imports modes and workloads.
"""
