"""Whether convolutions and matrix products follow the TF32 switch within a process (finding 6)."""

from __future__ import annotations

from typing import Any

from tests.gpu.computing import take
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

CLEARLY_COARSER = 5.0
"""TF32 rounds to 10 bits where float32 has 23: where it is used, errors are tens of times larger."""

STILL_ON, IS_OFF = 0.5, 3.0
LEAST_ERROR = 1e-9


def measure_on_then_off(setting: Setting) -> Figures:
    """Compute with TF32 on, then off."""
    return _measure(setting, (True, False))


def measure_off_then_on(setting: Setting) -> Figures:
    """Compute with TF32 off, then on."""
    return _measure(setting, (False, True))


def measure_off(setting: Setting) -> Figures:
    """Compute with TF32 off alone."""
    return _measure(setting, (False,))


def _measure(setting: Setting, switches: tuple[bool, ...]) -> Figures:
    """Yield the error of a convolution and a product under each switch, against float64 on the CPU."""
    tf, device = take(setting)
    with tf.device("CPU:0"):
        image = tf.random.stateless_normal((8, 28, 28, 64), (1, 1))
        kernel = tf.random.stateless_normal((3, 3, 64, 64), (2, 2))
        matrix = tf.random.stateless_normal((512, 512), (3, 3))
        wide = [tf.cast(tensor, tf.float64) for tensor in (image, kernel, matrix)]
        right = {"conv": tf.nn.conv2d(wide[0], wide[1], 1, "SAME"), "matmul": tf.matmul(wide[2], wide[2])}
    for on in switches:
        tf.config.experimental.enable_tensor_float_32_execution(on)
        with tf.device(device):
            got = {"conv": tf.nn.conv2d(image, kernel, 1, "SAME"), "matmul": tf.matmul(matrix, matrix)}
        yield "on" if on else "off", {name: _error(tf, got[name], right[name]) for name in got}


def _error(tf: Any, got: Any, right: Any) -> float:
    with tf.device("CPU:0"):
        return float(tf.reduce_max(tf.abs(tf.cast(got, tf.float64) - right)) / tf.reduce_max(tf.abs(right)))


def _follows(figures: Evidence, what: str) -> Answer:
    """Confirm that the first setting stays: off after on errs as on does, not as off alone does."""
    on, off_after = figures.number("on, then off", "on", what), figures.number("on, then off", "off", what)
    off = max(figures.number("off", "off", what), LEAST_ERROR)
    words = f"errors of {what}: on {on:.1e}, off after it {off_after:.1e}, off alone {off:.1e}"
    if on < CLEARLY_COARSER * off:
        return Answer(CANNOT_TELL, f"{words}: TF32 makes no difference here")
    if off_after <= IS_OFF * off:
        return Answer(REFUTED, words)
    return Answer(CONFIRMED if off_after >= STILL_ON * on else CANNOT_TELL, words)


def convolution_keeps_on(figures: Evidence) -> Answer:
    """Decide about convolutions."""
    return _follows(figures, "conv")


def product_keeps_on(figures: Evidence) -> Answer:
    """Decide about matrix products."""
    return _follows(figures, "matmul")


def convolution_keeps_off(figures: Evidence) -> Answer:
    """Decide the other way round: on after off errs as off does, not as on at first does."""
    on_first = figures.number("on, then off", "on", "conv")
    off, on_after = figures.number("off, then on", "off", "conv"), figures.number("off, then on", "on", "conv")
    off = max(off, LEAST_ERROR)
    words = f"errors of conv: on at first {on_first:.1e}, off {off:.1e}, on after it {on_after:.1e}"
    if on_first < CLEARLY_COARSER * off:
        return Answer(CANNOT_TELL, f"{words}: TF32 makes no difference here")
    if on_after >= STILL_ON * on_first:
        return Answer(REFUTED, words)
    return Answer(CONFIRMED if on_after <= IS_OFF * off else CANNOT_TELL, words)


STAYS = (
    f"Confirmed if off after on errs at least {STILL_ON} times as much as on; refuted if at most {IS_OFF:.0f} times as "
    f"much as off alone. It cannot be told if on errs less than {CLEARLY_COARSER:.0f} times as much as off alone."
)

PROBE = Probe(
    name="tensor_float_32",
    tried="Convolved and multiplied with TF32 on then off, off then on, and off alone, against float64.",
    steps=(
        Step("on, then off", measure_on_then_off),
        Step("off, then on", measure_off_then_on),
        Step("off", measure_off),
    ),
    rules=(
        Rule(6, "A convolution stays in TF32 once it was on", STAYS, convolution_keeps_on),
        Rule(
            6,
            "A convolution stays in float32 once TF32 was off",
            f"Confirmed if on after off errs at most {IS_OFF:.0f} times as much as off; refuted if at least {STILL_ON} "
            "times as much as on at first.",
            convolution_keeps_off,
        ),
        Rule(6, "A matrix product stays in TF32 once it was on", STAYS, product_keeps_on),
    ),
    kinds=("GPU", "CPU"),
)
