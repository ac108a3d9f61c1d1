"""Advise on made-up figures."""

from __future__ import annotations

from typing import Any

from bench.analysis.verdict import Advice, advise
from bench.events import PairEstimate
from bench.plan import Case
from tests.examples import first_case, session_events

HINT = "Press t for a thorough run"


def advice(latencies_s: dict[str, float], *pairs: PairEstimate, **more: Any) -> Advice:
    return advise(first_case(session_events(latencies_s, *pairs, **more)), hint=HINT)


TWO = {"eager": 0.01, "xla": 0.01}
GRAPH_XLA = {"graph": 0.01, "xla": 0.01}
THREE = {"eager": 0.01, "graph": 0.01, "xla": 0.01}


def two_modes(first: str, second: str) -> Case:
    return Case("matmul", modes=(first, second))


FASTER = (0.56, 0.53, 0.59, "faster", 51)
