"""Read the causes of retraces that sessions recorded as sentences, before events had them as fields."""

from __future__ import annotations

import re

from .retrace_causes import Clause

CLAUSE = re.compile(r"(arguments?) (.+?)(?:, (?:a )?Python (\w+?)s?,)? changed (.+)")


def parse_cause(sentence: str) -> list[Clause]:
    """Return the clauses of `argument x changed shape and argument n, a Python number, changed value`.

    A clause of any other form is left out.
    """
    matches = map(CLAUSE.fullmatch, re.split(r" and (?=arguments? )", sentence))
    return [
        Clause(names, number == "arguments", kind or "", tuple(aspects.split(" and ")))
        for number, names, kind, aspects in (match.groups() for match in matches if match)
    ]
