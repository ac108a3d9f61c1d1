"""Check a value of the configuration: from TOML, or from the text of a variable."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated, Any, ClassVar

import msgspec

from bench.plan import PlanError
from bench.runtime import setting_text
from bench.suggest import one_of
from bench.toml_text import toml_value

GREATEST = 2**63 - 1
"""Of a whole number: what a journal can keep."""

MOST_SHOWN = 40
"""Characters of a wrong value that a message quotes."""

SWITCHES = {"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


NotBlank = Annotated[str, msgspec.Meta(pattern=r"\S")]


class RefusedError(ValueError):
    """A value that its key cannot have: the reason, and what is allowed."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of value. `allowed`: the end of the error for a value of another type, which begins with "give".

    msgspec checks the type, `check` the rest. Keys are checked one by one: of several wrong ones each is told.
    """

    TYPE: ClassVar[Any]
    allowed: str

    def read(self, value: object) -> Any:
        """Return the value of a key from its value in TOML. Raises RefusedError."""
        return self._checked(value)

    def parse(self, text: str) -> Any:
        """Return the value of a key from the text of its variable. Raises RefusedError."""
        return self._checked(text)

    def check(self, value: Any) -> Any:
        """Return a value of the right type in its usual form. Raises PlanError or RefusedError."""
        raise NotImplementedError

    def refused(self) -> RefusedError:
        """Return the error for a value of the wrong type."""
        return RefusedError(f"give {self.allowed}")

    def _checked(self, value: object, *, is_text: bool = False) -> Any:
        """Check a value; with `is_text`, the text of a number counts as that number."""
        try:
            return self.check(msgspec.convert(value, self.TYPE, strict=not is_text))
        except msgspec.ValidationError:
            raise self.refused() from None
        except PlanError as error:
            raise RefusedError(str(error)) from None


class Name(Kind, frozen=True):
    """One of some names, which are looked up when they are needed; on and off are also true and false."""

    TYPE = str | bool
    names: Callable[[], Collection[str]]
    what: str

    def check(self, value: str | bool) -> str:
        """Return the name."""
        return one_of(setting_text(value) if isinstance(value, bool) else value, self.names(), self.what)


class Text(Kind, frozen=True):
    """Text that `form` brings into its usual form, or refuses with a PlanError."""

    TYPE = NotBlank
    form: Callable[[str], str]

    def check(self, value: str) -> str:
        """Return the text."""
        return self.form(value)


class Switch(Kind, frozen=True):
    """On or off."""

    TYPE = bool | str

    def check(self, value: bool | str) -> bool:
        """Return whether it is on."""
        found = SWITCHES.get(value.lower()) if isinstance(value, str) else value
        if found is None:
            raise self.refused()
        return found


class Number(Kind, frozen=True):
    """A number that `rule` lets pass, or refuses with a PlanError."""

    TYPE: ClassVar[Any] = float
    rule: Callable[[Any], object]

    def parse(self, text: str) -> Any:
        """Return the number; underscores may group its digits, as in TOML."""
        return self._checked(text.strip().removeprefix("+").replace("_", ""), is_text=True)

    def check(self, value: float) -> float:
        """Return the number."""
        self.rule(value)
        return value


class Whole(Number, frozen=True):
    """A whole number that `rule` lets pass, or refuses with a PlanError."""

    TYPE = Annotated[int, msgspec.Meta(ge=-GREATEST, le=GREATEST)]


class Several(Kind, frozen=True):
    """A list, of which a single text is one of length 1; a variable separates its parts."""

    TYPE = NotBlank | list[NotBlank]
    form: Callable[[tuple[str, ...]], tuple[str, ...]]
    separator: str

    def parse(self, text: str) -> Any:
        """Return the parts."""
        return self._checked([part.strip() for part in text.split(self.separator) if part.strip()])

    def check(self, value: str | list[str]) -> tuple[str, ...]:
        """Return the parts."""
        return self.form((value,) if isinstance(value, str) else tuple(value))


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
