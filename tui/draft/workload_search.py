"""The workloads in the order in which they are offered: under headings, or where words are searched for, best first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.fuzzy import FuzzySearch

from bench.events import WorkloadInfo
from bench.plan import short_name

from .draft import OWN

STARRED, RECENT, OWN_HEADING = "starred", "measured lately", "your own code"

WORD_BEGIN, WITHIN = 1.0, 0.8
"""What a word counts that stands in a text, by where it begins."""

IN_NAME, IN_FAMILY, IN_HELP, IN_TEACHES, SCATTERED = 8.0, 6.0, 4.0, 3.0, 1.0
"""What the place counts where a word is found. Its letters may be scattered over a name, if in their order."""

_fuzzy = FuzzySearch()


@dataclass(frozen=True)
class SearchHit:
    """A workload that has all words: how well, which letters of its name they are, and the text in which they stand,
    from where to where each.
    """

    info: WorkloadInfo
    score: float
    letters: tuple[int, ...]
    text: str
    spans: tuple[tuple[int, int], ...]


def sections(
    workloads: Mapping[str, WorkloadInfo], starred: Iterable[str], recent: Iterable[str]
) -> dict[str, list[WorkloadInfo]]:
    """The workloads by heading: those starred, those measured lately, then each family; at last what is the user's.

    What is starred or was measured lately stands in its family too.
    """
    listed = {
        STARRED: [workloads[name] for name in starred if name in workloads],
        RECENT: [workloads[name] for name in recent if name in workloads],
    }
    for info in workloads.values():
        if info.family != OWN:
            listed.setdefault(info.family, []).append(info)
    listed[OWN_HEADING] = [info for info in workloads.values() if info.family == OWN]
    return listed


def search(words: str, workloads: Iterable[WorkloadInfo]) -> list[SearchHit]:
    """The workloads that have every word in their name, family, help or what they teach; the best first."""
    found = (_find(words.lower().split(), info) for info in workloads)
    return sorted(filter(None, found), key=lambda each: -each.score)


def summary(info: WorkloadInfo) -> str:
    """A line on a workload: of its help, or where there is none, its whole name."""
    return info.help.partition("\n")[0] or info.name


def _find(words: list[str], info: WorkloadInfo) -> SearchHit | None:
    name, text = short_name(info.name), summary(info)
    score, letters, told = 0.0, set[int](), {text: set[tuple[int, int]](), info.teaches: set[tuple[int, int]]()}
    for word in words:
        places = (
            (IN_NAME, name),
            (IN_FAMILY, info.family),
            (IN_HELP, text),
            (IN_TEACHES, info.teaches),
        )
        weight, place = max(((weight * _stands(word, where), where) for weight, where in places), default=(0.0, ""))
        if not weight:
            weight, letters_found = SCATTERED, set(_fuzzy.match(word, name)[1])
            if not letters_found:
                return None
            letters |= letters_found
        at = place.lower().find(word)
        if place == name:
            letters |= set(range(at, at + len(word)))
            weight += len(word) / len(name)
        elif place in told:
            told[place].add((at, at + len(word)))
        score += weight
    text = max(told, key=lambda each: len(told[each]))
    return SearchHit(info, score, tuple(sorted(letters)), text, tuple(sorted(told[text])))


def _stands(word: str, text: str) -> float:
    """How well a word stands in a text; 0 where it does not."""
    text = text.lower()
    at = text.find(word)
    if at < 0:
        return 0.0
    return WORD_BEGIN if any(not text[begin - 1 : begin].isalnum() for begin in _places(word, text)) else WITHIN


def _places(word: str, text: str) -> Iterable[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
