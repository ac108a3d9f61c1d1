"""One case in the worker, from building the workload to the last estimate.

`case_run.py` runs the steps in order; each other module is one step. It imports checks, measurement, modes and
workloads.
"""
