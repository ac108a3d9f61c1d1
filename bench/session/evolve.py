"""A frozen record with some of its fields changed, at a tenth of what `dataclasses.replace` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace  # so that fields are checked by name and type
else:

    def replace(record: Any, /, **changes: Any) -> Any:
        """A copy with these fields. For dataclasses that check nothing when they are made, and have no slots."""
        changed = object.__new__(record.__class__)
        object.__setattr__(changed, "__dict__", record.__dict__ | changes)
        return changed


__all__ = ["replace"]
