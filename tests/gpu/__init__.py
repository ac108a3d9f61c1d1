"""What only a machine with a GPU can tell: `python -m tests.gpu` tries it and decides it.

`probes/` declares what is tried, with the rule that decides it; a step of a probe runs in a process of its own. What it
measured crosses as JSON, is kept in a file a step, and the report is made of these files.
"""
