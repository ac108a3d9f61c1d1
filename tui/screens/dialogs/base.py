"""What dialogs share: a box in the middle, `escape` and a button that go back; and the writing of a file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from bench.files.atomic_write import ExportError, ExportExistsError, write_text
from bench.files.targets import Descriptor, File, target_of
from bench.plan import PlanError
from bench.report.earlier_export import may_replace
from bench.report.formats import Kind

from ...config.input_files import InputFile, our_own
from ..background import aside
from ..closing import ModalScreen

T = TypeVar("T")

GOES_BACK = "esc goes back"
FAILURES = (ExportError, PlanError, OSError, RuntimeError)
"""What keeps a file from being written, each said in a line."""

SCROLLS = f"j k scroll · {GOES_BACK}"
"""What stands below a box that has no buttons."""


class Dialog(ModalScreen[T | None], Generic[T]):
    """Asks for something; going back gives None. A subclass puts it into a container `#dialog`, its buttons into
    `#buttons`, and what is said of what was typed into `#said`.
    """

    CSS_PATH = "base.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    @on(Button.Pressed, "#back")
    def _back(self) -> None:
        self.dismiss(None)


@dataclass(frozen=True)
class Writing:
    """A file to write, as it was typed, what makes its content, and what is told once it is written.

    The content of some takes seconds: `text` is called in a thread. It is written into none of `inputs`. `kind`: of
    which an earlier export may be there, if it is of one.
    """

    path: str
    text: Callable[[], str]
    told: str = ""
    inputs: Sequence[InputFile] = ()
    kind: Kind | None = None

    @property
    def file(self) -> Path:
        """Where it lies. Raises RuntimeError where there is no home of the name that it begins with."""
        return Path(self.path).expanduser()


@dataclass
class Ended(Message):
    """The writing of a file has ended, well or by an error."""

    writing: Writing
    error: Exception | None = None


class WritingDialog(Dialog[str]):
    """Writes a file and gives back what to say of it; an existing one is overwritten only after a yes."""

    _is_writing = False

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
        if self._is_writing:
            return
        try:
            writing = self.writing()
            self.say(f"Writing {writing.file}…", quietly=True)
        except FAILURES as error:
            self._fail(error)
        else:
            self._is_writing = True
            aside(partial(_write, writing, overwrite=overwrite), self)

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        self._is_writing = False
        file = message.writing.file
        if message.error is None:
            self.dismiss(message.writing.told or f"Wrote {file.absolute()}")
        elif isinstance(message.error, ExportExistsError):
            self.say(f"{message.error}. Overwrite it?", ask=True)
        else:
            self._fail(message.error)

    def _fail(self, error: Exception) -> None:
        self.say(str(error).removeprefix("--sweep "))


def _write(writing: Writing, *, overwrite: bool) -> Ended:
    try:
        _check(writing, overwrite=overwrite)
        write_text(writing.text(), writing.file, overwrite=overwrite)
    except FAILURES as error:
        return Ended(writing, error)
    return Ended(writing)


def _check(writing: Writing, *, overwrite: bool) -> None:
    """Raise ExportError for a file that must not be written, ExportExistsError for one that is to be asked about."""
    file, kind = writing.file, writing.kind
    target = target_of(file)
    for each in (*writing.inputs, *our_own()):
        each.refuse("What is written", file)
    if isinstance(target, Descriptor):
        raise ExportError(f"{file} is what the screen is drawn on: name a file")
    if not isinstance(target, File) or overwrite or not target.path.exists():
        return
    if kind is None or may_replace(target.path, kind.is_earlier):
        raise ExportExistsError(f"{file} exists")
    raise ExportExistsError(f"{file} exists and is no earlier {kind.title} export")
