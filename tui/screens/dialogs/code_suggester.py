"""Completing, as it is typed on the screen, what names code of the user's."""

from __future__ import annotations

from textual.suggester import Suggester

from ...draft.code_paths import complete


class CodeSuggester(Suggester):
    """Suggests how what is typed may go on: the first directory, file or function, by name."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The suggestion; None where there is none."""
        try:
            return complete(value)
        except (OSError, RuntimeError, ValueError):  # a home of nobody's, a folder that may not be looked into
            return None
