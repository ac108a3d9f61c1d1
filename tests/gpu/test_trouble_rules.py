"""What the rules make of what goes wrong: kills, no memory, other processes, a GPU that is not listed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gpu.made_up import FAILS, WORKS, answer
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED
from tests.gpu.probes.nvml import FACTS
from tests.gpu.probes.presence import reasons_in


@pytest.mark.parametrize(
    ("gone_s", "verdict"),
    [
        ({"idle": [0.3, 0.4], "busy": [3.0]}, CONFIRMED),
        ({"idle": [0.3, 0.4], "busy": [0.9]}, REFUTED),
        ({"idle": [0.3, 0.4], "busy": [1.5]}, CANNOT_TELL),
        ({"idle": [0.3]}, CANNOT_TELL),  # the step broke off
        ({"full": [30.0]}, CONFIRMED),  # one is enough to confirm
        ({}, CANNOT_TELL),
    ],
)
def test_the_longest_kill_decides(gone_s: dict[str, list[float]], verdict: str) -> None:
    assert answer("killing", "A killed process", kills={"gone_s": gone_s}).verdict == verdict


@pytest.mark.parametrize(
    ("lost", "status", "verdict"), [(True, "ok", CONFIRMED), (False, "", CONFIRMED), (False, "ok", REFUTED)]
)
def test_a_cancel_costs_the_far_side_if_the_next_case_is_not_measured(lost: bool, status: str, verdict: str) -> None:
    figures = {"far_side_lost": lost, "next_case": {"eager": status}, "cancelled_after_s": 1.0}
    assert answer("killing", "Cancelling", engine=figures).verdict == verdict


@pytest.mark.parametrize(
    ("waits", "too_large", "verdict"),
    [
        ([10.1, 10.0], FAILS, CONFIRMED),
        ([0.1, 0.1], FAILS, REFUTED),
        ([3.0, 0.1], FAILS, CANNOT_TELL),
        ([0.1], WORKS, CANNOT_TELL),
    ],
)
def test_out_of_memory_waits_as_long_as_its_slowest_error(waits: list[float], too_large: Any, verdict: str) -> None:
    figures = {"error_after_s": waits, "too_large": too_large}
    assert answer("out_of_memory", "An out-of-memory error", out_of_memory=figures).verdict == verdict


def test_later_calls_suffer_if_any_fails_after_an_error() -> None:
    works = dict.fromkeys(("after_too_large", "after_xla", "after_full"), WORKS)
    claim = "Calls fail after"
    assert answer("out_of_memory", claim, out_of_memory=works).verdict == REFUTED
    assert answer("out_of_memory", claim, out_of_memory={**works, "after_xla": FAILS}).verdict == CONFIRMED
    assert answer("out_of_memory", claim, out_of_memory={"after_xla": FAILS}).verdict == CANNOT_TELL


@pytest.mark.parametrize(
    ("alone", "beside", "held", "verdict"),
    [
        (0, 1, True, CONFIRMED),
        (0, 0, True, REFUTED),
        (0, 0, False, CANNOT_TELL),
        (None, None, True, CANNOT_TELL),  # in a container NVML's processes have other numbers
    ],
)
def test_an_idle_process_disturbs_if_it_is_counted(
    alone: int | None, beside: int | None, held: bool, verdict: str
) -> None:
    figures = {"alone": {"busy_processes": alone}, "beside_idle_process": {"held": held, "busy_processes": beside}}
    assert answer("nvml", "An idle process", nvml=figures).verdict == verdict


@pytest.mark.parametrize(
    ("beside", "held", "verdict"),
    [(0, True, CONFIRMED), (1, True, REFUTED), (0, False, CANNOT_TELL), (None, True, CANNOT_TELL)],
)
def test_a_busy_process_is_missed_if_it_is_not_counted(beside: int | None, held: bool, verdict: str) -> None:
    figures = {"beside_busy_process": {"held": held, "busy_processes": beside}}
    assert answer("nvml", "A process that computes", nvml=figures).verdict == verdict


@pytest.mark.parametrize(("missing", "verdict"), [({}, REFUTED), ({"cudnn": ""}, CONFIRMED)])
def test_a_fact_of_the_card_that_is_blank_is_missing(missing: dict[str, object], verdict: str) -> None:
    facts = {**dict.fromkeys(FACTS, "13.0"), **missing}
    told = answer("nvml", "Of the card", nvml={"facts": facts})
    assert told.verdict == verdict
    assert all(name in told.words for name in missing)


@pytest.mark.parametrize(
    ("throttled", "verdict"), [(["SW power cap"], CONFIRMED), ([], REFUTED), (["HW slowdown"], REFUTED)]
)
def test_a_power_cap_under_load_is_told(throttled: list[str], verdict: str) -> None:
    assert answer("nvml", "A heavy product", nvml={"under_load": {"throttled": throttled}}).verdict == verdict


@pytest.mark.parametrize(
    ("share", "verdict"), [(1.0, CONFIRMED), (0.0, REFUTED), (0.8, CANNOT_TELL), (None, CANNOT_TELL)]
)
def test_a_gpu_that_always_reads_as_idle_has_no_clock_to_judge(share: float | None, verdict: str) -> None:
    assert answer("nvml", "Between rounds", nvml={"between_rounds": {"idle_share": share}}).verdict == verdict


@pytest.mark.parametrize(("read_s", "verdict"), [(0.02, CONFIRMED), (0.001, REFUTED), (0.005, CANNOT_TELL)])
def test_a_reading_is_held_against_the_time_between_two(read_s: float, verdict: str) -> None:
    assert answer("nvml", "Reading the GPU's state", nvml={"read_s": read_s}).verdict == verdict


@pytest.mark.parametrize(
    ("package", "library", "found", "verdict"),
    [
        (False, True, False, CONFIRMED),
        (False, True, True, REFUTED),
        (True, True, True, CANNOT_TELL),
        (False, False, False, CANNOT_TELL),
    ],
)
def test_the_package_is_missed_where_the_library_alone_is_there(
    package: bool, library: bool, found: bool, verdict: str
) -> None:
    figures = {"nvidia_ml_py": package, "libnvidia_ml": library, "found": found}
    assert answer("nvml", "Without nvidia-ml-py", nvml=figures).verdict == verdict


@pytest.mark.parametrize(
    ("gpus", "driver", "reasons", "verdict"),
    [
        ([], 1, ["Cannot dlopen some GPU libraries."], CONFIRMED),
        ([], 1, [], REFUTED),
        ([], 0, [], CANNOT_TELL),
        ([], None, [], CANNOT_TELL),
        ([{"name": "NVIDIA H100"}], 1, [], CANNOT_TELL),
    ],
)
def test_a_gpu_that_the_driver_alone_sees_needs_a_reason(
    gpus: list[Any], driver: int | None, reasons: list[str], verdict: str
) -> None:
    figures = {"gpus": gpus, "driver_gpus": driver, "reasons": reasons}
    assert answer("presence", "Where the driver has", presence=figures).verdict == verdict


@pytest.mark.parametrize(
    ("gpus", "driver", "said", "verdict"),
    [
        ([], 1, ["the driver has 1 GPU, TensorFlow lists none: install it"], REFUTED),
        ([], 1, [], CONFIRMED),
        ([], None, [], CANNOT_TELL),
        ([{"name": "NVIDIA H100"}], 1, [], CANNOT_TELL),
    ],
)
def test_the_product_is_to_say_why_a_gpu_is_missing(
    gpus: list[Any], driver: int | None, said: list[str], verdict: str
) -> None:
    figures = {"gpus": gpus, "driver_gpus": driver, "product_says": said}
    assert answer("presence", "The product does not say", presence=figures).verdict == verdict


LOG = """
I0000 00:00:1796037585.232842   14703 port.cc:153] oneDNN custom operations are on.
I0000 00:00:1796037585.237966   14703 cudart_stub.cc:31] Could not find cuda drivers, GPU will not be used.
I0000 00:00:1796037587.954477   14703 cudart_stub.cc:31] Could not find cuda drivers, GPU will not be used.
2025-01-01 10:00:00.123456: W tensorflow/core/common_runtime/gpu/gpu_device.cc:2433] Cannot dlopen some GPU libraries.
E0000 00:00:1796037589.013339   14703 cuda_platform.cc:52] failed call to cuInit: UNKNOWN ERROR (303)
"""


def test_the_reasons_in_a_log_come_once_each_without_their_prefix() -> None:
    assert reasons_in(LOG) == [
        "Could not find cuda drivers, GPU will not be used.",
        "Cannot dlopen some GPU libraries.",
        "failed call to cuInit: UNKNOWN ERROR (303)",
    ]
