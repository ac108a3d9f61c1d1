"""A far side without TensorFlow that answers each request as its script says: `scripted_far_side.py SCRIPT`.

A script is JSON: {"kill": ["finish", "die"], ...}; `measure` may differ by case: {"measure 1": [], "measure": [...]}.
"""

import json
import sys
import time

script = json.loads(sys.argv[1])
case_id = ""


def say(kind, **fields):
    print(json.dumps({"kind": kind, "at": time.time(), **fields}), flush=True)


def answer(word):
    if word == "hello":
        say("hello", protocol=1, host="box", platform="Linux", python="3", tensorflow="2", numpy="2")
    elif word == "finish":
        say("case_started", case_id=case_id)
        say("case_finished", case_id=case_id)
    elif word == "die":
        say("died", signal="SIGKILL", running="xla")
    elif word == "linger":
        print("lingering", flush=True)
        time.sleep(0.2)
    elif word == "flood":
        while True:
            print("y" * 200)


sys.stdin.readline()  # the statement
sys.stdin.readline()  # the bundle
for line in sys.stdin:
    request = json.loads(line)
    case_id = request.get("case_id", case_id)
    names = (f"{request['do']} {case_id}", request["do"])
    for word in next((script[name] for name in names if name in script), []):
        answer(word)
