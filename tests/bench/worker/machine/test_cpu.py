"""What Linux tells of its cores, from files as it writes them, and from files as it never should."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.worker.machine.cpu import Cores, CoreTimes, Moment, Usage, parse_stat, usage_between

TICKS_PER_S = 100.0

STAT = """\
cpu  752981 3937 57718 1570186 5747 0 811 1021 0 0
cpu0 292389 739 21288 879134 1332 0 189 531 0 0
cpu1 460592 3197 36430 691051 4415 0 621 490 0 0
intr 5992092 0 0 12 0 2399
ctxt 10451296
"""

ticks = st.integers(0, 2**50)
seconds = st.floats(0, 1e9)
core_times = st.builds(CoreTimes, seconds, seconds, seconds)
moments = st.builds(Moment, seconds, st.dictionaries(st.integers(0, 3), core_times))


def busy(idle_s: float, stolen_s: float = 0.0, own_s: float = 0.0, cores: int = 2) -> Usage | None:
    """A second on `cores` cores, in which each was idle for so long and lost so much to other machines."""
    start = Moment(5.0, {core: CoreTimes(100.0, 7.0, 300.0) for core in range(cores)})
    end = Moment(5.0 + own_s, {core: CoreTimes(100.0 + idle_s, 7.0 + stolen_s, 301.0) for core in range(cores)})
    return usage_between(start, end, 1.0)


def test_each_cores_times_are_read() -> None:
    assert parse_stat(STAT, TICKS_PER_S) == {
        0: CoreTimes(idle_s=8804.66, stolen_s=5.31, total_s=11956.02),
        1: CoreTimes(idle_s=6954.66, stolen_s=4.90, total_s=11967.96),
    }


@given(st.dictionaries(st.integers(0, 4095), st.lists(ticks, min_size=8, max_size=10), max_size=8))
def test_whatever_the_kernel_counted_is_read_back(cores: dict[int, list[int]]) -> None:
    lines = [f"cpu{core} {' '.join(map(str, fields))}" for core, fields in cores.items()]
    parsed = parse_stat("\n".join(["cpu  1 2 3 4 5 6 7 8 9 10", *lines, "intr 1 2 3", "btime 4"]), 1.0)
    assert parsed == {core: ((f[3] + f[4]), f[7], sum(f[:8])) for core, f in cores.items()}


@given(st.text(alphabet="cpu0123 -\n\x00é٣"))
def test_no_file_is_too_odd_to_read(text: str) -> None:
    parse_stat(text, TICKS_PER_S)


def test_what_is_neither_idle_nor_ours_nor_stolen_is_the_others() -> None:
    assert busy(idle_s=1.0) == Usage(others=0.0, stolen=0.0, cores=2)
    assert busy(idle_s=0.25) == Usage(others=1.5, stolen=0.0, cores=2)
    assert busy(idle_s=0.25, own_s=1.5) == Usage(others=0.0, stolen=0.0, cores=2)
    assert busy(idle_s=0.25, own_s=0.5, stolen_s=0.125) == Usage(others=0.75, stolen=0.25, cores=2)


def test_a_child_that_ends_brings_in_time_from_before_and_makes_no_less_than_nothing() -> None:
    usage = busy(idle_s=0.0, own_s=60.0)
    assert usage is not None
    assert usage.others == 0.0


def test_counters_that_stand_still_tell_nothing() -> None:
    zeros = Moment(0.0, parse_stat("cpu0 0 0 0 0 0 0 0 0 0 0\n", TICKS_PER_S))
    assert usage_between(zeros, zeros, 1.0) is None
    assert busy(0.0, cores=0) is None


@given(moments, moments, st.floats(0.2, 1e6))
def test_usage_is_unknown_or_between_none_and_all_cores(start: Moment, end: Moment, elapsed_s: float) -> None:
    usage = usage_between(start, end, elapsed_s)
    if usage is not None:
        assert usage.cores == len(start.cores.keys() & end.cores.keys())
        assert 0.0 <= usage.others <= usage.cores
        assert 0.0 <= usage.stolen <= usage.cores


def write(root: Path, file: str, text: str) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text)


def write_frequencies(root: Path, *mhz: int) -> None:
    for core, value in enumerate(mhz):
        write(root, f"sys/devices/system/cpu/cpu{core}/cpufreq/scaling_cur_freq", f"{value * 1000}\n")


def write_current_core(root: Path, core: int) -> None:
    write(root, "proc/thread-self/stat", f"7 (a (b) c) R {'0 ' * 35}{core} 0 0\n")


@pytest.mark.parametrize(
    ("allowed", "told"),
    [({0, 1}, {0, 1}), ({1}, {1}), ({12, 13}, {0, 1})],
    ids=["all", "one of them", "numbered anew in a container"],
)
def test_only_the_cores_we_may_run_on_count(tmp_path: Path, allowed: set[int], told: set[int]) -> None:
    write(tmp_path, "proc/stat", STAT)
    assert Cores(tmp_path, allowed).now().cores.keys() == told


def test_the_fastest_core_tells_the_frequency(tmp_path: Path) -> None:
    write_frequencies(tmp_path, 800, 3100, 800)
    assert Cores(tmp_path, {0, 1, 2}).mhz() == 3100.0
    assert Cores(tmp_path, {0, 2}).mhz() == 800.0


def test_of_many_cores_a_few_are_asked_and_the_current_one_always(tmp_path: Path) -> None:
    write_frequencies(tmp_path, *[800] * 37, 3100, *[800] * 26)
    cores = Cores(tmp_path, range(64))
    assert cores.mhz() == 800.0
    write_current_core(tmp_path, 37)
    assert cores.mhz() == 3100.0


def test_without_cpufreq_the_list_of_processors_tells_the_frequency(tmp_path: Path) -> None:
    write(tmp_path, "proc/cpuinfo", "processor\t: 0\ncpu MHz\t\t: 2300.000\nprocessor\t: 1\ncpu MHz\t\t: 2299.998\n")
    assert Cores(tmp_path, {0, 1}).mhz() == 2300.0


@pytest.mark.parametrize("text", ["<unknown>\n", "", "0\n"])
def test_a_frequency_that_is_none_is_unknown(tmp_path: Path, text: str) -> None:
    write(tmp_path, "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", text)
    assert Cores(tmp_path, {0}).mhz() is None


def test_where_there_are_no_files_nothing_is_known(tmp_path: Path) -> None:
    cores = Cores(tmp_path, {0})
    assert cores.now().cores == {}
    assert cores.mhz() is None


def test_a_file_that_vanishes_is_no_error(tmp_path: Path) -> None:
    write_frequencies(tmp_path, 3100)
    cores = Cores(tmp_path, {0})
    (tmp_path / "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq").unlink()
    assert cores.mhz() is None


def test_a_frequency_that_is_slow_to_read_is_asked_for_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_frequencies(tmp_path, 3100)
    monkeypatch.setattr("bench.worker.machine.cpu.SLOW_READ_S", -1.0)
    cores = Cores(tmp_path, {0})
    assert [cores.mhz() for _ in range(5)] == [3100.0, 3100.0, 3100.0, None, None]


def test_this_machine_can_be_asked() -> None:
    first, second = Cores().now(), Cores().now()
    assert second.own_s >= first.own_s > 0
    assert first.cores.keys() == second.cores.keys()
