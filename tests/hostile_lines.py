"""Lines of a session's file as no worker writes them: any text stands where a figure belongs."""

from __future__ import annotations


def round_line(*visits: str) -> str:
    return f'{{"kind":"round","at":1.8e9,"case_id":"101","index":0,"visits":[{",".join(visits)}]}}'


def visit(latency_s: str = "0.1", calls: str = "1", mode: str = "eager") -> str:
    return f'{{"mode":"{mode}","latency_s":{latency_s},"calls":{calls}}}'


def estimate_line(rounds: str = "9", latency_s: str = "0.1") -> str:
    figures = "".join(f'"{name}_s":{latency_s},' for name in ("latency", "low", "high", "p90", "p99"))
    return (
        f'{{"kind":"estimate","at":1.8e9,"case_id":"101","rounds":{rounds},"pairs":[],"spent_s":1,"left_s":0,'
        f'"modes":[{{"mode":"eager",{figures}"calls_per_block":1,"discarded_rounds":{rounds}}}]}}'
    )


ONE_CASE = '{"workload":"matmul"}'

NOTICE = '{"kind":"notice","text":'


def plan_line(cases: list[str], ids: list[str], rules: str = "") -> str:
    fields = f'{rules}"cases":[{",".join(cases)}]'
    return f'{{"kind":"plan_started","at":1.8e9,"plan":{{{fields}}},"case_ids":[{",".join(ids)}]}}'
