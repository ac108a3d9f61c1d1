"""The entry point: `tfjit-tui`, and `python -m tui` where that is not on the path."""

import gc


def main() -> None:
    """Run the command line and exit."""
    gc.disable()  # imports leave no garbage, and looking for it takes some of their time
    from .cli.main import main as command_line

    gc.enable()
    command_line(prog_name="tfjit-tui")


if __name__ == "__main__":
    main()
