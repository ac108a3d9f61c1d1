"""Whether what empties the cache before a cold call moves data at all (finding 1)."""

from __future__ import annotations

from typing import Any

from bench.worker.measurement.cache_flush import cache_flush
from tests.gpu.computing import median_s, take, then_synchronised
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

MIB = 1 << 20

CLEARLY_MORE = 2.0
"""`assign_add` of the large size must take so many times what it takes of the small one, or times tell nothing."""

NOTHING, MOVED = 0.2, 0.4
"""Shares of the time of `assign_add`, which moves three bytes where a copy moves two: up to, and from."""


def measure(setting: Setting) -> Figures:
    """Time assign, assign_add and the product's flush at two sizes; on a GPU, see what memory an assign frees."""
    tf, device = take(setting)
    sizes = {"small": 16, "large": 512} if setting.on_gpu else {"small": 1, "large": 64}
    yield "mib", sizes
    times: dict[str, dict[str, float]] = {"assign_s": {}, "assign_add_s": {}, "flush_s": {}}
    with tf.device(device):
        for size, mib in sizes.items():
            if setting.on_gpu and size == "large":
                yield "freed_share", _freed_share(tf, device, mib * MIB)
            # The add comes first: after an assign, the two share a buffer, and the next add copies it.
            source, target = (tf.Variable(tf.zeros(mib * MIB, tf.uint8)) for _ in range(2))
            times["assign_add_s"][size] = median_s(then_synchronised(tf, target.assign_add, source), 20)
            times["assign_s"][size] = median_s(then_synchronised(tf, target.assign, source), 20)
            del source, target
            flush = cache_flush(tf, "GPU:0", mib * MIB)
            if flush is not None:
                times["flush_s"][size] = median_s(flush, 20)
            del flush
    yield from times.items()


def _freed_share(tf: Any, device: str, size: int) -> float:
    """Return the share of a variable's bytes that is free after another was assigned to it: 1 if they share memory."""
    source, target = (tf.Variable(tf.zeros(size, tf.uint8)) for _ in range(2))
    name = device.removeprefix("/device:")
    before = tf.config.experimental.get_memory_info(name)["current"]
    target.assign(source)
    tf.raw_ops.SyncDevice()
    return float(before - tf.config.experimental.get_memory_info(name)["current"]) / size


def _share_of_add(figures: Evidence, what: str) -> tuple[float, str] | None:
    """Return what the larger size adds to the time, as a share of what it adds to assign_add; None if that is noise."""
    add, other = (
        [figures.number("flush", name, size) for size in ("small", "large")] for name in ("assign_add_s", what)
    )
    if add[1] < CLEARLY_MORE * add[0]:
        return None
    small, large = (figures.number("flush", "mib", size) for size in ("small", "large"))
    words = (
        f"{what.removesuffix('_s')}: {other[0] * 1e6:,.0f} µs for {small:.0f} MiB, {other[1] * 1e6:,.0f} for "
        f"{large:.0f}; assign_add: {add[0] * 1e6:,.0f} and {add[1] * 1e6:,.0f}"
    )
    return (other[1] - other[0]) / (add[1] - add[0]), words


NOISE = Answer(CANNOT_TELL, "assign_add, which does move data, takes hardly longer for the larger size")


def assign_moves_nothing(figures: Evidence) -> Answer:
    """Decide by the times, unless what the memory tells contradicts them."""
    compared = _share_of_add(figures, "assign_s")
    if compared is None:
        return NOISE
    share, words = compared
    verdict = CONFIRMED if share < NOTHING else REFUTED if share > MOVED else CANNOT_TELL
    freed = figures.mapping("flush").get("freed_share")
    if isinstance(freed, int | float):
        words += f"; an assign freed {freed:.0%} of the variable's memory"
        if (verdict, freed >= 0.9) in ((CONFIRMED, False), (REFUTED, True)):
            verdict = CANNOT_TELL
    return Answer(verdict, words)


def flush_moves_nothing(figures: Evidence) -> Answer:
    """Decide by the times."""
    compared = _share_of_add(figures, "flush_s")
    if compared is None:
        return NOISE
    share, words = compared
    return Answer(CONFIRMED if share < NOTHING else REFUTED if share > MOVED else CANNOT_TELL, words)


TEXT = (
    f"What the larger size adds to the time, as a share of what it adds to assign_add: under {NOTHING:.0%} confirms, "
    f"over {MOVED:.0%} refutes; a copy would be at 67 %."
)

PROBE = Probe(
    name="flush",
    tried="Assigned one variable to another, added one to another, and ran the product's flush, at two sizes.",
    steps=(Step("flush", measure),),
    rules=(
        Rule(
            1,
            "Assigning a variable to another moves no data",
            f"{TEXT} On a GPU the memory must agree: an assign that shares the buffer frees the other.",
            assign_moves_nothing,
        ),
        Rule(1, "The product's flush moves no data", TEXT, flush_moves_nothing),
    ),
    kinds=("GPU", "CPU"),
)
