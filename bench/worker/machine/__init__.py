"""The machine below the worker: devices, processor and GPU state, caches, memory, peak rates.

It imports the waist alone.
"""
