"""Results as text for the screen and the command line: rows, status, comparisons, numbers of fixed width.

It imports actions and bench, no widgets.
"""
