"""Share among the dialogs that ask for code: two fields, and what is wrong with them."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import on
from textual.suggester import Suggester
from textual.widgets import Input, Static

from bench.plan import Case, PlanError

from ...draft.code_paths import complete
from .base import Dialog

if TYPE_CHECKING:
    from bench.plans.code_check import Reach


class CodeDialog(Dialog[tuple[str, str]]):
    """Asks for code and for something beside it: two texts, as they were typed.

    A subclass composes an Input for each and a text `#said`; its button calls `answer`. `far_arguments`: the options
    that name the far sides, which may read other files than those here.
    """

    def __init__(self, far_arguments: tuple[str, ...]) -> None:
        super().__init__()
        self._far_arguments = far_arguments

    @abstractmethod
    def case(self, name: str, beside: str) -> Case:
        """Return the case of such an answer. Raises PlanError where there is none."""

    @on(Input.Submitted)
    def answer(self) -> None:
        """Give back what was typed; or say what is wrong with it, as far as the files here show."""
        from bench.plans.code_check import check_code  # only when code is asked for

        name, beside = (field.value.strip() for field in self.query(Input))
        try:
            check_code([self.case(name, beside)], _reach_of(self._far_arguments))
        except PlanError as error:
            self.query_one("#said", Static).update(str(error))
        else:
            self.dismiss((name, beside))

    @on(Input.Changed)
    def _typed(self) -> None:
        self.query_one("#said", Static).update("")


def _reach_of(far_arguments: tuple[str, ...]) -> Reach:
    """Return what the far sides of these options read of the files here."""
    from bench.plans.code_check import Reach

    return Reach.of(*([word for word in far_arguments if word == option] for option in ("--far", "--python")))


class CodeSuggester(Suggester):
    """Suggests how what is typed may go on: the first directory, file or function, by name."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the suggestion; None where there is none."""
        try:
            return complete(value)
        except (OSError, RuntimeError, ValueError):  # a home of nobody's, a folder that may not be looked into
            return None
