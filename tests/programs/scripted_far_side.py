"""A far side without TensorFlow that answers each request as its script says: `scripted_far_side.py SCRIPT`.

A script is JSON: {"kill": ["finish", "die"], ...}; `measure` may differ by case and by its process, and where that is
asked for once more; `start` and `look` by how many there were: {"measure 1": [], "measure 1 2": ["die"],
"measure 1 2 again": [], "measure": [...], "start 2": []}.
"""

import json
import sys
import time

script = json.loads(sys.argv[1])
request = {"case_id": "", "process": 1}
starts = looks = 0
looked_at = ""
measured = set()


def say(kind, **fields):
    print(json.dumps({"kind": kind, "at": time.time(), **fields}), flush=True)


def estimate(modes):
    latencies = [
        {"mode": mode, "latency_s": 0.001, "low_s": 0.0009, "high_s": 0.0011, "p90_s": None, "p99_s": None}
        for mode in modes
    ]
    modes = [{**latency, "calls_per_block": 1} for latency in latencies]
    say("estimate", case_id=request["case_id"], rounds=9, modes=modes, pairs=[], spent_s=1.0, left_s=0.0)


def answer(word):
    word, _, about = word.partition(" ")
    case_id, process = request["case_id"], request["process"]
    if word == "hello":
        held_bytes = int(about) << 30 if about else None
        of_box = {"host": "box", "platform": "Linux", "python": "3", "tensorflow": "2", "numpy": "2"}
        say("hello", protocol=1, held_bytes=held_bytes, **of_box)
    elif word == "preparing":
        say("device_preparing", device=about)
    elif word == "prepared":
        device, _, held = about.partition(" ")
        say("device_prepared", device=device, duration_s=1.0, held_bytes=int(held) << 30 if held else None)
    elif word == "fail":
        mode, status, error = about.split(" ", 2)
        say("mode_failed", case_id=case_id, mode=mode, status=status, error=error)
    elif word == "begin":
        say("case_started", case_id=case_id, process=process)
    elif word == "calibrated":
        say("calibrated", case_id=case_id, overhead_s=0.0, group_sizes=[], least_rounds=7, least_s=float(about))
    elif word == "estimate":
        estimate(about.split(",") if about else request["case"]["modes"])
    elif word == "next":
        say("process_finished", case_id=case_id, process=process)
    elif word == "finish":
        say("case_started", case_id=case_id, process=process)
        say("case_finished", case_id=case_id)
    elif word == "bloat":
        say("case_finished", case_id=case_id, held_bytes=int(about or 4) << 30)
    elif word == "change":
        say("case_finished", case_id=case_id, changed=about.split())
    elif word == "looked":
        say("looked", name=looked_at, changed=about.split())
    elif word == "end":
        say("case_finished", case_id=case_id, error=about)
    elif word == "give_up":
        say("case_finished", case_id=case_id, cancelled=True)
    elif word == "echo":
        say("notice", text=json.dumps(request), severity="log")
    elif word == "die":
        say("died", signal="SIGKILL", running=(about or "xla").replace("nothing", "") or None)
    elif word == "killed":
        say("killed", running=about or None)
    elif word == "linger":
        print("lingering", flush=True)
        time.sleep(0.2)
    elif word == "say":
        print(about, flush=True)
    elif word == "wait":
        print("waiting", flush=True)
        with open(about) as fifo:  # noqa: PTH123 - until the test opens it too
            fifo.read()
    elif word == "flood":
        while True:
            print("y" * 200)


sys.stdin.readline()  # the statement
sys.stdin.readline()  # the bundle
for line in sys.stdin:
    asked = json.loads(line)
    do = asked["do"]
    starts += do == "start"
    request = asked if do == "measure" else request
    looks += do == "look"
    looked_at = asked.get("workload", looked_at)
    this = f"{do} {request['case_id']} {request['process']}"
    number = {"start": starts, "look": looks}.get(do, request["case_id"])
    names = [this, f"{do} {number}", do]
    if this in measured:
        names.insert(0, f"{this} again")
    measured.add(this)
    for word in next((script[name] for name in names if name in script), []):
        answer(word)
