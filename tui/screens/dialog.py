"""What dialogs share: a box in the middle, `escape` and a button that go back; and the writing of a file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from bench.files import ExportError, ExportExistsError, write_text
from bench.plan import PlanError

T = TypeVar("T")

GOES_BACK = "esc goes back"
SCROLLS = f"j k scroll · {GOES_BACK}"
"""What stands below a box that has no buttons."""


class Dialog(ModalScreen[T | None], Generic[T]):
    """Asks for something; going back gives None. A subclass puts it into a container `#dialog`, its buttons into
    `#buttons`, and what is said of what was typed into `#said`.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.dismiss(None)


@dataclass(frozen=True)
class Writing:
    """A file to write, as it was typed and with its content, and what is told once it is written."""

    path: str
    text: str
    told: str = ""

    @property
    def file(self) -> Path:
        """Where it lies. Raises RuntimeError where there is no home of the name that it begins with."""
        return Path(self.path).expanduser()


class WritingDialog(Dialog[str]):
    """Writes a file and gives back what to say of it; an existing one is overwritten only after a yes."""

    @abstractmethod
    def writing(self) -> Writing:
        """What to write, by what was typed. Raises ExportError, PlanError."""

    def buttons(self) -> Iterator[Widget]:
        """Of which one shows at a time: to write, or to overwrite; and one that goes back."""
        yield Button("Write", compact=True, id="write", variant="primary")
        yield Button("Overwrite", compact=True, id="overwrite", variant="warning")
        yield Button("Back", compact=True, id="back")

    def say(self, text: str, *, ask: bool = False, quietly: bool = False) -> None:
        """Say something of what was typed; `ask`: whether to overwrite, `quietly`: it is no complaint."""
        said = self.query_one("#said", Static)
        said.update(text)
        said.set_class(quietly, "-quiet")
        self.query_one("#overwrite").display = ask
        self.query_one("#write").display = not ask
        if ask:
            self.query_one("#back").focus()  # enter alone overwrites nothing

    @on(Input.Submitted)
    @on(Button.Pressed, "#write")
    def _write(self) -> None:
        self._try(overwrite=False)

    @on(Button.Pressed, "#overwrite")
    def _overwrite(self) -> None:
        self._try(overwrite=True)

    def _try(self, *, overwrite: bool) -> None:
        try:
            writing = self.writing()
            write_text(writing.text, writing.file, overwrite=overwrite)
        except ExportExistsError:
            self.say(f"{writing.file} exists. Overwrite it?", ask=True)
        except (ExportError, PlanError, OSError, RuntimeError) as error:
            self.say(str(error).removeprefix("--sweep "))
        else:
            self.dismiss(writing.told or f"Wrote {writing.file.absolute()}")
