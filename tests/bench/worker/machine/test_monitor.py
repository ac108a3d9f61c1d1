"""What is said of the machine between rounds, on a clock and cores that do as they are told."""

from __future__ import annotations

import pytest

from bench.events import GpuState
from bench.worker.machine.cpu import Cores, CoreTimes, Moment
from bench.worker.machine.cpu_quota import Quota
from bench.worker.machine.monitor import Machine, MachineSample
from bench.worker.machine.nvidia import Gpu
from bench.worker.machine.suspensions import Stops


class Scripted(Cores):
    """Cores on which `pass_time` is all that happens."""

    def __init__(self, count: int = 2, telling: bool = True) -> None:
        self.clock_s = 100.0
        self.frequency: float | None = 3100.0
        self._telling = telling
        self._own_s = 0.0
        self._times = {core: CoreTimes(0.0, 0.0, 0.0) for core in range(count)}

    def pass_time(self, elapsed_s: float, own: float = 0.0, others: float = 0.0, stolen: float = 0.0) -> None:
        """Time in which so many cores were busy with this process, the others and other machines."""
        self.clock_s += elapsed_s
        self._own_s += own * elapsed_s
        idle, share = 1 - (own + others + stolen) / len(self._times), stolen / len(self._times)
        for core, (idle_s, stolen_s, total_s) in self._times.items():
            spent = CoreTimes(idle_s + idle * elapsed_s, stolen_s + share * elapsed_s, total_s + elapsed_s)
            self._times[core] = spent

    def now(self) -> Moment:
        return Moment(self._own_s, dict(self._times) if self._telling else {})

    def mhz(self) -> float | None:
        return self.frequency


class ScriptedGpu(Gpu):
    """A GPU in the state that a test puts it into."""

    def __init__(self, now: GpuState) -> None:
        self.name = "GPU:1"
        self.now = now

    def state(self) -> GpuState:
        return self.now


class ScriptedQuota(Quota):
    """A quota that has held threads up for as long as a test says."""

    def __init__(self, held_up_s: float = 0.0) -> None:
        self.now_s = held_up_s

    def held_up_s(self) -> float:
        return self.now_s


def machine_of(
    cores: Scripted, gpu: Gpu | None = None, quota: Quota | None = None, stops: Stops | None = None
) -> Machine:
    return Machine(gpu, cores, quota or ScriptedQuota(), lambda: cores.clock_s, stops)


def sample_of(machine: Machine, index: int) -> MachineSample:
    sample = machine.end_round(index)
    assert sample is not None
    return sample


def test_before_the_first_round_no_round_is_judged() -> None:
    state = GpuState("GPU-1", throttled=("SW power cap",))
    begun = machine_of(Scripted(), ScriptedGpu(state)).begin()
    assert begun == MachineSample(None, 3100.0, state, first_round=0, last_round=-1, disturbed="")


def test_short_rounds_share_a_window_and_a_long_one_has_its_own() -> None:
    cores = Scripted()
    machine = machine_of(cores)
    machine.begin()
    told = []
    for index, duration_s in enumerate([0.07, 0.07, 0.07, 0.9, 0.1]):
        cores.pass_time(duration_s)
        sample = machine.end_round(index)
        told.append(sample and (sample.first_round, sample.last_round))
    assert told == [None, None, (0, 2), (3, 3), None]


def test_what_happened_before_the_rounds_is_not_put_down_to_them() -> None:
    cores = Scripted()
    machine = machine_of(cores)
    cores.pass_time(5.0, others=2.0)
    machine.begin()
    cores.pass_time(0.5)
    assert sample_of(machine, 0).disturbed == ""


def test_a_busy_window_is_disturbed_and_the_next_one_is_judged_afresh() -> None:
    cores = Scripted()
    machine = machine_of(cores)
    machine.begin()
    cores.pass_time(0.25, own=1.0, others=0.625)
    busy = sample_of(machine, 0)
    cores.pass_time(0.25, own=2.0)
    quiet = sample_of(machine, 1)
    assert busy.disturbed == "other processes used 0.6 cores"
    assert busy.others_cores is not None
    assert round(busy.others_cores, 6) == 0.625
    assert quiet.disturbed == "", "the process's own threads are no others"


def test_a_large_machine_is_never_idle() -> None:
    for count, disturbed in [(2, "other processes used 0.5 cores"), (64, "")]:
        cores = Scripted(count)
        machine = machine_of(cores)
        cores.pass_time(0.5, others=0.5)
        assert sample_of(machine, 0).disturbed == disturbed


def test_time_that_other_machines_took_is_told_apart() -> None:
    cores = Scripted()
    machine = machine_of(cores)
    cores.pass_time(0.5, own=1.0, stolen=0.5)
    sample = sample_of(machine, 0)
    assert sample.others_cores == 0.0
    assert sample.disturbed == "other machines took 0.5 of this machine's cores"


def test_a_cpu_that_slows_is_measured_against_its_usual_frequency() -> None:
    cores = Scripted()
    machine = machine_of(cores)
    machine.begin()
    told = []
    for index, frequency in enumerate([3100.0, 2800.0, 2400.0, None, 3100.0]):
        cores.frequency = frequency
        cores.pass_time(0.5)
        told.append(sample_of(machine, index).disturbed)
    assert told == ["", "", "the CPU slowed from 3,100 to 2,400 MHz", "", ""]


def test_a_gpu_in_trouble_disturbs_the_rounds_and_a_power_cap_is_a_note_of_the_case() -> None:
    cores = Scripted()
    gpu = ScriptedGpu(GpuState("GPU-1"))
    machine = machine_of(cores, gpu)
    machine.begin()
    told = []
    for index, throttled in enumerate([(), ("SW power cap",), ("SW power cap", "HW slowdown")]):
        gpu.now = GpuState("GPU-1", throttled=throttled)
        cores.pass_time(0.5)
        sample = sample_of(machine, index)
        told.append((sample.disturbed, sample.disturbed_rounds, bool(sample.note)))
    assert told == [("", 0, False), ("", 0, True), ("GPU:1 was throttled: HW slowdown", 1, False)]


def test_several_reasons_stand_in_one_line() -> None:
    cores = Scripted()
    machine = machine_of(cores, ScriptedGpu(GpuState("GPU-1", busy_processes=1)))
    cores.pass_time(0.5, others=1.0)
    assert sample_of(machine, 0).disturbed == "other processes used 1.0 cores; another process used GPU:1"


def test_a_machine_that_tells_nothing_is_sampled_all_the_same() -> None:
    cores = Scripted(telling=False)
    cores.frequency = None
    machine = machine_of(cores)
    machine.begin()
    cores.pass_time(0.5, others=2.0)
    assert machine.end_round(0) == MachineSample(None, None, None, 0, 0, "")


def test_a_quota_disturbs_the_rounds_in_which_it_holds_threads_up() -> None:
    cores, quota = Scripted(), ScriptedQuota(held_up_s=1.5)
    machine = machine_of(cores, quota=quota)
    machine.begin()
    cores.pass_time(0.3)
    assert sample_of(machine, 0).disturbed == ""
    cores.pass_time(0.3)
    quota.now_s += 0.08
    assert sample_of(machine, 1).disturbed == "a CPU quota held the worker's threads up for 80 ms"
    cores.pass_time(0.3)
    assert sample_of(machine, 2).disturbed == ""


@pytest.mark.parametrize(
    ("times", "reason"), [(0, ""), (1, "the worker was stopped"), (2, "the worker was stopped 2 times")]
)
def test_rounds_in_which_the_worker_was_stopped_are_disturbed_and_the_next_are_not(times: int, reason: str) -> None:
    cores, stops = Scripted(), Stops()
    machine = machine_of(cores, stops=stops)
    for _ in range(times):
        stops.note()
    said = []
    for number in range(2):
        cores.pass_time(0.3)
        sample = machine.end_round(number)
        assert sample is not None
        said.append(sample.disturbed)
    assert said == [reason, ""]
