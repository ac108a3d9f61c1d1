"""The command line, from its words to its exit code.

`main.py` opens the screen or hands over to a command. `commands/` has one module for each command, `options/` reads
the options, `measure/` and `compare/` do the work of `run` and `compare`. It imports the application; nothing imports
it.
"""
