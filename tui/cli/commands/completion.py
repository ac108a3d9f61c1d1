"""`tfjit-tui completion`: the scripts by which a shell asks this program how a command line may go on.

Those of zsh and fish are click's. Bash takes a word apart at `=` and `:`, which are common in ours, and puts a space
after each: its script is ours.
"""

from __future__ import annotations

import os
import re
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from ..console import write_stdout

PROGRAM, VARIABLE = "tfjit-tui", "_TFJIT_TUI_COMPLETE"

SHELLS = ("bash", "zsh", "fish")

BASH = """\
%(complete_func)s() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            plain,*) COMPREPLY+=("${line#*,}") ;;
            *) compopt -o default ;;
        esac
        [[ $line == *[=/:,] ]] && compopt -o nospace
    done < <(
        COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_BREAKS="$COMP_WORDBREAKS" \\
            %(complete_var)s=bash_complete "$1" 2>/dev/null
    )
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

UNSAFE = re.compile(r"([^\w@%+=:,./~-])")
"""What a shell would take for something else than a part of a word."""


@add_completion_class
class Bash(BashComplete):
    """Completes the line up to the cursor, and answers with what readline puts in place of the last part of a word."""

    source_template = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being typed, and what there is of that."""
        line = os.environ.get("COMP_WORDS", "")
        words = split_arg_string(line)[1:]
        self._typed = words.pop() if words and not line[-1:].isspace() else ""
        return words, self._typed

    def format_completion(self, item: CompletionItem) -> str:
        """A completion without the beginning that readline keeps."""
        value = _after_option(self._typed)
        breaks = re.escape(os.environ.get("COMP_BREAKS", "=:"))
        kept = re.match(rf"(.*[{breaks}])?", value, re.DOTALL)
        beginning = kept.group() if kept else ""
        answer = UNSAFE.sub(r"\\\1", item.value.removeprefix(beginning))
        return f"{item.type},{answer}"


def _after_option(word: str) -> str:
    """What is given to an option in the same word: of `--dim=m=1`, `m=1`."""
    return word.partition("=")[2] if word.startswith("--") else word


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, /, shell: str) -> None:
    """Print what completes commands, options, workloads, dimensions, sessions in a shell.

    \b
    bash  echo 'eval "$(tfjit-tui completion bash)"' >> ~/.bashrc
    zsh   echo 'eval "$(tfjit-tui completion zsh)"' >> ~/.zshrc
    fish  tfjit-tui completion fish > ~/.config/fish/completions/tfjit-tui.fish
    """
    kind: Any = get_completion_class(shell)
    write_stdout(kind(ctx.find_root().command, {}, PROGRAM, VARIABLE).source() + "\n")
