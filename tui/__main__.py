"""`python -m tui`, for where the command itself is not on the path."""

from .cli.main import main

main(prog_name="tfjit-tui")
