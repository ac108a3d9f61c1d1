"""The terminal application and its command line.

Its rooms stand one above the other, as `tests/test_layers.py` has them. Nothing is imported here: the first frame is
budgeted.
"""
