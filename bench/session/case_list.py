"""The cases of a session as they were planned, and how far a plan has come."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import takewhile

from .results import CaseResult


class Cases(dict[str, CaseResult]):
    """Cases by their ids, in the order in which they were planned. `revision` counts changes."""

    def __init__(self) -> None:
        super().__init__()
        self.revision = 0
        self._revisions: dict[str, int] = {}
        """When each case has changed last: the latest is the last."""
        self._numbers: dict[str, int] = {}

    def __setitem__(self, case_id: str, case: CaseResult) -> None:
        super().__setitem__(case_id, case)
        self._numbers.setdefault(case_id, len(self._numbers))
        self.revision += 1
        self._revisions.pop(case_id, None)
        self._revisions[case_id] = self.revision

    def __copy__(self) -> Cases:
        """As they are, and apart from here on."""
        copied = Cases()
        copied.update(self)
        vars(copied).update({name: copy(value) for name, value in vars(self).items()})
        return copied

    def changed_since(self, revision: int) -> list[str]:
        """The cases that are new or have changed since a revision, as they were planned. Looks at no others."""
        newer = takewhile(lambda case_id: self._revisions[case_id] > revision, reversed(self._revisions))
        return sorted(newer, key=self._numbers.__getitem__)


class Progress:
    """How many cases of a plan have ended. `began_at`: when the first of these was begun that was begun at all."""

    def __init__(self, case_ids: Sequence[str] = ()) -> None:
        self.began_at: float | None = None
        self._planned = frozenset(case_ids)
        self._left = set(case_ids)
        self._measured: set[str] = set()

    def __copy__(self) -> Progress:
        """As it is, and apart from here on."""
        copied = Progress()
        vars(copied).update({name: copy(value) for name, value in vars(self).items()})
        return copied

    def end(self, case: CaseResult) -> None:
        """A case has ended."""
        self._left.discard(case.case_id)
        if case.started_at is not None and case.case_id in self._planned:
            self._measured.add(case.case_id)
            if self.began_at is None:
                self.began_at = case.started_at

    @property
    def planned(self) -> int:
        """How many cases the plan has."""
        return len(self._planned)

    @property
    def left(self) -> int:
        """How many of them have not ended."""
        return len(self._left)

    @property
    def measured(self) -> int:
        """How many of them were begun and have ended."""
        return len(self._measured)

    def place_of(self, case: CaseResult) -> int | None:
        """Counted from 1, which case of the plan is under way or was last; None where `case` is of another plan."""
        if case.case_id not in self._planned:
            return None
        return self.planned - self.left + (case.case_id in self._left)
