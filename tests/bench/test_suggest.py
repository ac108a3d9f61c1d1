"""What is suggested in place of a name that was mistyped."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.catalogue import WORKLOADS
from bench.plan import MODES, PRECISIONS, PlanError
from bench.suggest import instead_of, nearest, nearest_files, one_of


@pytest.mark.parametrize("names", [tuple(WORKLOADS), MODES, PRECISIONS], ids=["workloads", "modes", "dtypes"])
def test_a_name_with_a_missing_or_a_swapped_letter_is_found(names: tuple[str, ...]) -> None:
    for name in names:
        for at in range(1, len(name) - 1):
            for typed in (name[:at] + name[at + 1 :], name[:at] + name[at + 1] + name[at] + name[at + 2 :]):
                assert typed in names or name in nearest(typed, names), typed


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("fp16", ["float16"]),
        ("mixed", ["mixed_float16", "mixed_bfloat16"]),
        ("FLOAT32", ["float32"]),
        ("mixed-float16", ["mixed_float16"]),
        ("complex128", []),
    ],
)
def test_abbreviations_and_other_spellings_are_understood(typed: str, near: list[str]) -> None:
    assert nearest(typed, PRECISIONS) == near


def test_a_name_that_is_like_none_gets_all_or_what_else_there_is_to_do() -> None:
    assert instead_of("zzz", ("eager", "xla")) == "choose from eager, xla"
    assert instead_of("zzz", ("eager", "xla"), "look it up") == "look it up"


def test_the_error_says_what_there_is_not_and_what_to_give() -> None:
    with pytest.raises(PlanError, match=r"^there is no mode 'exla': did you mean xla\?$"):
        one_of("exla", ("eager", "xla"), "mode")
    assert one_of("xla", ("eager", "xla"), "mode") == "xla"


def test_files_that_are_called_nearly_so_are_found_beside_one_that_is_not_there(tmp_path: Path) -> None:
    for name in ("plan.toml", "plan.txt", "other.toml"):
        (tmp_path / name).touch()
    assert nearest_files(tmp_path / "pln.toml", ".toml") == [tmp_path / "plan.toml"]
    assert nearest_files(tmp_path / "plan.tml", ".toml") == [tmp_path / "plan.toml"]
    assert nearest_files(tmp_path / "zzz.toml", ".toml") == []
    assert nearest_files(tmp_path / "absent" / "pln.toml", ".toml") == []
