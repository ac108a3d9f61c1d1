"""What fails with soft placement off, and works as users have it; whether the product sees what ran on the CPU (2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.worker.checks.op_devices import collecting, find_op_devices
from tests.gpu.computing import take, tried
from tests.gpu.evidence import Evidence
from tests.gpu.probe import CANNOT_TELL, CONFIRMED, REFUTED, Answer, Figures, Probe, Rule, Setting, Step

USER_CODE = ("as_string", "lookup_table", "dataset")


def measure_off(setting: Setting) -> Figures:
    """Try each call with soft placement off."""
    return _measure(setting, soft_placement=False)


def measure_on(setting: Setting) -> Figures:
    """Try each call with soft placement on."""
    return _measure(setting, soft_placement=True)


def _measure(setting: Setting, *, soft_placement: bool) -> Figures:
    tf, device = take(setting, soft_placement=soft_placement)
    with tf.device(device):
        for name, call in _calls(tf).items():
            yield name, tried(call)


def _calls(tf: Any) -> dict[str, Callable[[], Any]]:
    def predict() -> None:
        import keras

        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
        model.predict(tf.ones((2, 4)), verbose=0)

    def lookup_table() -> None:
        keys, values = (tf.constant(pair, tf.int64) for pair in ([1, 2], [3, 4]))
        table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(keys, values), -1)
        table.lookup(keys)

    return {
        "matmul": lambda: tf.matmul(tf.ones((8, 8)), tf.ones((8, 8))),
        "predict": predict,
        "as_string": lambda: tf.strings.as_string(tf.ones(2)),
        "lookup_table": lookup_table,
        "dataset": lambda: list(tf.data.Dataset.range(3)),
        "graph": lambda: tf.function(lambda x: tf.strings.to_number(tf.strings.as_string(x)))(tf.ones(2)),
    }


def measure_told(setting: Setting) -> Figures:
    """Let the product find out which ops of a call ran on the CPU, with soft placement on."""
    tf, device = take(setting, soft_placement=True)
    with tf.device(device):
        calls = _calls(tf)
        for name in ("as_string", "matmul", "graph"):
            if tried(calls[name])["ok"]:
                with collecting(device) as collected:
                    calls[name]()
                found = find_op_devices(collected, device)
                yield (
                    name,
                    {
                        "away": " ".join(op for away in found.away for op in away.names),
                        "words": "; ".join(away.in_words(setting.device) for away in found.away),
                        "used": found.is_used,
                    },
                )


def misses_ops(figures: Evidence) -> Answer:
    """Decide by what the product found of calls of which it is known where they run."""
    found = {name: figures.mapping("told", name) for name in ("as_string", "matmul", "graph")}
    away = {name: str(each.get("away")).split() for name, each in found.items()}
    wrong = [name for name in ("as_string", "graph") if "AsString" not in away[name]]
    wrong += ["matmul"] if "MatMul" in away["matmul"] or found["matmul"].get("used") is not True else []
    words = "; ".join(f"{name}: {each.get('words') or 'nothing told'}" for name, each in found.items())
    return Answer(CONFIRMED if wrong else REFUTED, words)


def _only_when_on(figures: Evidence, names: tuple[str, ...]) -> Answer:
    """Confirm if at least one of these calls fails with the switch off and works with it on."""
    off, on = ({name: figures.flag(step, name, "ok") for name in names} for step in ("off", "on"))
    if not all(on.values()):
        broken = ", ".join(name for name in names if not on[name])
        return Answer(CANNOT_TELL, f"failed with soft placement on, too: {broken}")
    failing = [name for name in names if not off[name]]
    if not failing:
        return Answer(REFUTED, f"{', '.join(names)}: all work with soft placement off")
    first = figures.mapping("off", failing[0]).get("error", "no message")
    return Answer(CONFIRMED, f"worked with it on, failed with it off: {', '.join(failing)}: {first}")


def predict_fails(figures: Evidence) -> Answer:
    """Decide about model.predict."""
    return _only_when_on(figures, ("predict",))


def user_code_fails(figures: Evidence) -> Answer:
    """Decide about strings, tables and tf.data in eager calls."""
    return _only_when_on(figures, USER_CODE)


def graphs_ignore_the_switch(figures: Evidence) -> Answer:
    """Decide by a graph with string ops, as long as the eager op shows that they have no kernel on this device."""
    if figures.flag("off", "as_string", "ok"):
        return Answer(CANNOT_TELL, "the same op has a kernel on this device")
    if not figures.flag("on", "graph", "ok"):
        return Answer(CANNOT_TELL, "the graph does not run with soft placement on, either")
    works = figures.flag("off", "graph", "ok")
    return Answer(CONFIRMED if works else REFUTED, f"with it off the graph {'ran' if works else 'failed, too'}")


PROBE = Probe(
    name="placement",
    tried="Ran model.predict, string ops, a lookup table, tf.data and a graph with soft placement off, then on.",
    steps=(Step("off", measure_off), Step("on", measure_on), Step("told", measure_told)),
    rules=(
        Rule(
            2,
            "model.predict fails with soft placement off",
            "Confirmed if it fails with soft placement off and works with it on; refuted if it works with it off.",
            predict_fails,
        ),
        Rule(
            2,
            "Eager calls with strings, tables or tf.data fail with soft placement off",
            "Confirmed if one of them fails with it off and all work with it on; refuted if all work with it off.",
            user_code_fails,
        ),
        Rule(
            2,
            "Graphs put such ops on the CPU whatever the switch says",
            "Confirmed if a graph runs with the switch off though its op alone does not; refuted if it runs only with "
            "the switch on.",
            graphs_ignore_the_switch,
        ),
        Rule(
            2,
            "The product misses which ops ran on the CPU",
            "Confirmed if it does not see AsString there, in eager and in a graph, or sees a matrix product there.",
            misses_ops,
        ),
    ),
    kinds=("GPU", "XLA_CPU"),
)
