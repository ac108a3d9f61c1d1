"""An oracle: whether the modes of a program compute the same, told without any code of `bench`.

`program.py` reads a program from a file, `observe.py` calls it in a mode, `judge.py` compares what came out with the
truth. `by_hand/` and `by_chance.py` hold programs. `faults.py` makes one mode of a program wrong on purpose, and
`sowing.py` judges what came of it. `python -m tests.oracle` judges programs. `against.py`, alone, asks `bench` about
the same programs and counts where the two disagree. `README.md` says how to use it.
"""
