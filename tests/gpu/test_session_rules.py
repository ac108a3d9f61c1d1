"""What the rules make of the recorded session."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gpu.made_up import answer
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED


def case(**modes: dict[str, Any]) -> dict[str, Any]:
    return {"error": "none", "ran_on": "GPU:0", "modes": modes}


def session(cases: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cases": cases, "far_sides_lost": 0, **more}


@pytest.mark.parametrize(
    ("status", "predict", "strings"),
    [
        ("ok", REFUTED, REFUTED),
        ("failed", CONFIRMED, CONFIRMED),
        ("unsupported", CONFIRMED, REFUTED),
        ("cancelled", CANNOT_TELL, CANNOT_TELL),
    ],
)
def test_statuses_of_the_session_decide_about_predict_and_string_ops(status: str, predict: str, strings: str) -> None:
    mode = {"status": status, "error": ""}
    figures = session({"mobilenet_v2": case(predict=mode), "string_ops": case(eager=mode)})
    assert answer("session", "The product's mode predict", session=figures).verdict == predict
    assert answer("session", "The product calls eager string ops", session=figures).verdict == strings


@pytest.mark.parametrize(
    ("has_p90", "verdict"), [((True, True), REFUTED), ((True, False), CONFIRMED), ((None, None), CANNOT_TELL)]
)
def test_short_calls_need_percentiles_in_every_measured_mode(has_p90: tuple[Any, Any], verdict: str) -> None:
    modes = {name: {"has_p90": has} for name, has in zip(("eager", "xla"), has_p90, strict=True)}
    figures = session({"tiny_ops": case(**modes)})
    assert answer("session", "The product has no 90th", session=figures).verdict == verdict


@pytest.mark.parametrize(
    ("on", "off", "verdict"),
    [(4e-4, 4e-4, CONFIRMED), (4e-4, 3e-7, REFUTED), (4e-4, 1.2e-4, CANNOT_TELL), (3e-7, 3e-7, CANNOT_TELL)],
)
def test_a_session_tells_tf32_by_the_errors_of_two_cases(on: float, off: float, verdict: str) -> None:
    errors = {"conv2d tf32=on": on, "conv2d tf32=off": off}
    figures = session({name: case(graph={"max_rel_error": error}) for name, error in errors.items()})
    assert answer("session", "The product measures a convolution", session=figures).verdict == verdict


@pytest.mark.parametrize(
    ("statuses", "lost", "verdict"),
    [
        (["ok"] * 9 + ["unsupported"], 0, CONFIRMED),
        (["ok"] * 9 + ["failed"], 0, CANNOT_TELL),
        (["ok"] * 8 + ["failed", ""], 0, REFUTED),
        (["ok"] * 10, 1, REFUTED),
    ],
)
def test_a_session_is_whole_if_every_mode_is_ok(statuses: list[str], lost: int, verdict: str) -> None:
    cases = {f"case {number}": case(eager={"status": status}) for number, status in enumerate(statuses)}
    figures = {"cases": cases, "far_sides_lost": lost}
    assert answer("session", "The engine", session={**figures, "complete": True}).verdict == verdict
    assert answer("session", "The engine", session=figures).verdict == CANNOT_TELL  # it broke off


@pytest.mark.parametrize(("tells", "verdict"), [(True, REFUTED), (False, CONFIRMED), (None, CANNOT_TELL)])
def test_a_session_must_tell_the_driver(tells: bool | None, verdict: str) -> None:
    assert answer("session", "The session does not", session=session({}, tells_driver=tells)).verdict == verdict
