"""What a key of the configuration may be: read from TOML, or from the text of a variable."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import msgspec

from bench.plan import PlanError, setting_text
from bench.suggest import one_of
from bench.toml_text import toml_value

Value = TypeVar("Value")

GREATEST = 2**63 - 1
"""Of a whole number: what a journal can keep."""

MOST_SHOWN = 40
"""Characters of a wrong value that a message quotes."""

SWITCHES = {"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


class RefusedError(ValueError):
    """A value that its key cannot have: the reason, and what is allowed."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of value. `allowed`: what it may be, as the end of: give ..."""

    allowed: str

    def read(self, value: object) -> Any:
        """The value that TOML has so. Raises RefusedError."""
        raise NotImplementedError

    def parse(self, text: str) -> Any:
        """The value that a variable has so. Raises RefusedError."""
        return self.read(text)

    def refused(self) -> RefusedError:
        """Why a value of another kind is none."""
        return RefusedError(f"give {self.allowed}")


class Name(Kind, frozen=True):
    """One of some names, which are looked up when they are needed; on and off are also true and false."""

    names: Callable[[], Collection[str]]
    what: str

    def read(self, value: object) -> str:
        """The name."""
        if isinstance(value, bool):
            value = setting_text(value)
        if not isinstance(value, str):
            raise self.refused()
        name = value
        return _checked(lambda: one_of(name, self.names(), self.what))


class Text(Kind, frozen=True):
    """Text that is brought into its usual form, or refused with a PlanError."""

    form: Callable[[str], str]

    def read(self, value: object) -> str:
        """The text."""
        if not isinstance(value, str) or not value.strip():
            raise self.refused()
        return _checked(lambda: self.form(value))


class Switch(Kind, frozen=True):
    """On or off."""

    def read(self, value: object) -> bool:
        """Whether it is on."""
        if isinstance(value, str):
            value = SWITCHES.get(value.lower())
        if not isinstance(value, bool):
            raise self.refused()
        return value


class Number(Kind, frozen=True):
    """A number that a check lets pass, or refuses with a PlanError."""

    check: Callable[[float], object]

    def read(self, value: object) -> float:
        """The number."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refused()
        try:
            number = float(value)
        except OverflowError:
            raise self.refused() from None
        _checked(lambda: self.check(number))
        return number

    def parse(self, text: str) -> float:
        """The number."""
        try:
            return self.read(float(text))
        except RefusedError:
            raise
        except ValueError:
            raise self.refused() from None


class Whole(Kind, frozen=True):
    """A whole number that a check lets pass, or refuses with a PlanError."""

    check: Callable[[int], object]

    def read(self, value: object) -> int:
        """The number."""
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > GREATEST:
            raise self.refused()
        _checked(lambda: self.check(value))
        return value

    def parse(self, text: str) -> int:
        """The number."""
        try:
            return self.read(int(text))
        except RefusedError:
            raise
        except ValueError:
            raise self.refused() from None


class Several(Kind, frozen=True):
    """A list, of which a single text is one of length 1; a variable separates its parts."""

    form: Callable[[tuple[str, ...]], tuple[str, ...]]
    separator: str

    def read(self, value: object) -> tuple[str, ...]:
        """The parts."""
        parts = [value] if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) and part.strip() for part in parts):
            raise self.refused()
        return _checked(lambda: self.form(tuple(parts)))

    def parse(self, text: str) -> tuple[str, ...]:
        """The parts."""
        return self.read([part.strip() for part in text.split(self.separator) if part.strip()])


def _checked(reading: Callable[[], Value]) -> Value:
    try:
        return reading()
    except PlanError as error:
        raise RefusedError(str(error)) from None


def shown(value: object) -> str:
    """Return a wrong value as a message quotes it: as TOML has it, or what it is; of a long one the beginning."""
    match value:
        case dict():
            return "a table"
        case list() if not all(isinstance(part, str) for part in value):
            return "a list"
    return text if len(text := toml(value)) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def toml(value: object) -> str:
    """Return a value as a line of TOML has it; empty if there is none."""
    return "" if value is None else toml_value(value)
