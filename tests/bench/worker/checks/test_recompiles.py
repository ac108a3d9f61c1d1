"""Reading TensorFlow's compilation log, lines as TensorFlow 2.21 wrote them."""

from __future__ import annotations

from bench.worker.checks.recompiles import Compilations, find_compilations

LINE = (
    "I0000 00:00:1795361775.256391    2093 device_compilation_profiler.cc:113] "
    "Compiled __inference_f_6 1 times, compile time: 36334 us, cumulative: 36334 us (0 us / 36.3 ms)\n"
)


def test_every_compilation_is_counted_and_its_time_summed() -> None:
    assert find_compilations(LINE + LINE.replace("1 times", "2 times")) == Compilations(2, 2 * 36334e-6)


def test_an_unterminated_print_in_front_hides_nothing() -> None:
    assert find_compilations("loss: 0.3" + LINE).count == 1


def test_other_lines_are_none() -> None:
    assert find_compilations(
        "I0000 device_compiler.h:208] Compiled cluster using XLA!  This line is logged once.\n"
    ) == (Compilations(0, 0.0))
