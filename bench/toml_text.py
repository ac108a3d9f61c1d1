"""Read and write TOML. No other file imports a library for it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from .printable import printable_toml

GREATEST_EXACT = 2**53
"""Whole floats below this are written without a fraction: `5`, as people type them."""


class TomlError(ValueError):
    """A text that cannot be read as TOML: the reason in one line."""


def read_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises TomlError."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except RecursionError:
        raise TomlError("it is nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, an integer of too many digits
        raise TomlError(f"not TOML: {error}") from None
    return tables


def toml_text(tables: Mapping[str, Any]) -> str:
    """Return tables as a TOML text without unprintable characters."""
    import tomli_w

    return printable_toml(tomli_w.dumps(tables))


def toml_value(value: object) -> str:
    """Return a value that is no table as TOML has it, on one line. Raises TypeError if TOML has no such value."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, float) and value.is_integer() and abs(value) < GREATEST_EXACT:
        value = int(value)
    return toml_text({"_": value}).removeprefix("_ = ").rstrip("\n")
