"""What the user sets up before it is measured: the draft, its undo, and help on workloads and modes.

It imports configuration and bench, no widgets.
"""
