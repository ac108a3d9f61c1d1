"""Files and streams that are written for the user.

`atomic_write.py` writes a file completely or not at all; `targets.py` tells what an output's name stands for.
It imports nothing of bench.
"""
