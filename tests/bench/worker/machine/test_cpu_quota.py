"""What a container's CPU quota tells, from files as Linux writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.worker.machine.cpu_quota import Quota

VERSION_2 = """usage_usec 81234567
user_usec 61234567
system_usec 20000000
nr_periods 812
nr_throttled {periods}
throttled_usec {held_up}
nr_bursts 0
burst_usec 0
"""
VERSION_1 = "nr_periods 812\nnr_throttled 31\nthrottled_time {held_up}\n"


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="ascii")


def test_a_quota_is_read_anew_each_time(tmp_path: Path) -> None:
    stat = tmp_path / "sys/fs/cgroup/cpu.stat"
    write(tmp_path / "proc/self/cgroup", "0::/\n")
    write(stat, VERSION_2.format(periods=0, held_up=0))
    quota = Quota(tmp_path)
    assert quota.held_up_s() == 0
    write(stat, VERSION_2.format(periods=4, held_up=350_000))
    assert quota.held_up_s() == pytest.approx(0.35)


def test_the_groups_around_hold_it_up_too(tmp_path: Path) -> None:
    write(tmp_path / "proc/self/cgroup", "0::/slice/job\n")
    write(tmp_path / "sys/fs/cgroup/slice/cpu.stat", VERSION_2.format(periods=3, held_up=200_000))
    write(tmp_path / "sys/fs/cgroup/slice/job/cpu.stat", VERSION_2.format(periods=1, held_up=50_000))
    assert Quota(tmp_path).held_up_s() == pytest.approx(0.25)


def test_a_container_may_see_the_hosts_path_and_only_its_own_group(tmp_path: Path) -> None:
    write(tmp_path / "proc/self/cgroup", "0::/docker/0f3a\n")
    write(tmp_path / "sys/fs/cgroup/cpu.stat", VERSION_2.format(periods=4, held_up=350_000))
    assert Quota(tmp_path).held_up_s() == pytest.approx(0.35)


def test_version_1_counts_in_nanoseconds_and_under_the_controllers_name(tmp_path: Path) -> None:
    write(tmp_path / "proc/self/cgroup", "5:memory:/job\n4:cpu,cpuacct:/job\n0::/\n")
    write(tmp_path / "sys/fs/cgroup/cpu/job/cpu.stat", VERSION_1.format(held_up=120_000_000))
    assert Quota(tmp_path).held_up_s() == pytest.approx(0.12)


@pytest.mark.parametrize("groups", ["", "0::/\n", "rubbish\n0::\n", "4:cpuset:/\n"])
def test_where_nothing_is_told_nothing_was_held_up(tmp_path: Path, groups: str) -> None:
    write(tmp_path / "proc/self/cgroup", groups)
    write(tmp_path / "sys/fs/cgroup/cpu.stat", "usage_usec 5\n")
    assert Quota(tmp_path).held_up_s() == 0
    assert Quota(tmp_path / "nowhere").held_up_s() == 0
