"""Finds and loads what is measured: built-in workloads, user code and model files.

It imports the catalogue and the waist.
"""
