"""The picture at the README's head is of the screen as it is."""

from __future__ import annotations

import pytest

from tests.paths import ROOT
from tests.picture import FILE, drawn


@pytest.mark.usefixtures("home")
async def test_the_picture_is_not_out_of_date() -> None:
    assert await drawn() == FILE.read_text(encoding="utf-8"), "python -m tests.picture draws it anew"


def test_the_readme_begins_with_the_picture() -> None:
    head, _, _ = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## ")
    assert f"]({FILE.relative_to(ROOT).as_posix()})" in head
