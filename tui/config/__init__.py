"""The configuration, what the application remembers, and where both are kept.

`schema.py` declares every key; `loader.py` reads the file and the environment; `trust.py` decides what a session's file
may start. It imports bench alone.
"""
