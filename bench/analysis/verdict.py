"""Advice in sentences that can be quoted. It judges nothing itself: every figure and verdict comes from the events.

Each mode is compared with the best of the simpler ones (`findings.py`); here the mode to use is chosen from that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..events import PairEstimate
from ..number_text import UNKNOWN, count, counted
from ..session.results import CaseResult
from .findings import (
    Finding,
    findings_of,
    has_interval,
    is_unusable,
    retraced_seldom,
    takes,
    whole_sentence,
    why_unusable,
)
from .remarks import Doubt, differing_processes, disturbed, doubts_about, explanation, notes_on
from .shared_reasons import by_reason
from .throughput import otherwise_in_throughput
from .two_implementations import findings_of_two, headline_of_two, quicker_of_two

UNWRAPPED = "It is a tf.function already: eager runs its Python, the other modes make their own of it."
UNWRAPPED_BESIDE_ITSELF = "Eager runs its Python, the other modes make a tf.function of their own of it."


@dataclass(frozen=True)
class Advice:
    """What to do, in one sentence, and what else there is to say."""

    headline: str
    remarks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join((self.headline, *self.remarks))


@dataclass(frozen=True)
class Choice:
    """The mode to use, as far as is known (empty: none), and after how many calls it has repaid its one-off cost.

    `repaid_after` is null where nothing has to be repaid: the simplest mode is best. `certain`: its figures are not
    suspicious, and a longer measurement cannot be expected to change it.
    """

    mode: str = ""
    repaid_after: int | None = None
    certain: bool = True


def advise(case: CaseResult, *, hint: str = "") -> Advice:
    """Which mode to use. `hint` says how to learn more where nothing can be told yet: `Press t for a thorough run`."""
    measured = any(mode.measured for mode in case.modes)
    if case.error and not (measured and case.processes > 1):
        return Advice(f"Not {'finished' if measured else 'measured'}: {whole_sentence(case.error)}")
    advice = _advise(case, hint)
    advice = replace(advice, remarks=(*advice.remarks, *retraced_seldom(case)))
    if spreads := differing_processes(case):
        advice = replace(advice, remarks=(*advice.remarks, spreads))
    advice = replace(advice, remarks=(*advice.remarks, *notes_on(case)))
    if case.unwrapped:
        said = UNWRAPPED_BESIDE_ITSELF if case.mode("as-written") else UNWRAPPED
        advice = replace(advice, remarks=(*advice.remarks, said))
    if case.error:
        return replace(advice, headline=f"Not finished{_where(case)}: {whole_sentence(case.error)} {advice.headline}")
    if case.state == "cancelled" and measured:
        rounds = counted(case.rounds, "round")
        return replace(advice, headline=f"Stopped after {rounds}{_where(case)}: {advice.headline}")
    return advice


def advise_so_far(case: CaseResult) -> Advice:
    """The same for a file, which stays as it is: of a case under way it says that it is."""
    advice = advise(case)
    return advice if case.ended else replace(advice, headline=f"So far: {advice.headline}")


def _where(case: CaseResult) -> str:
    return f", in process {case.process} of {case.processes}" if case.processes > 1 else ""


def _advise(case: CaseResult, hint: str) -> Advice:
    usable = [mode for mode in case.modes if mode.comparable]
    unusable = [why_unusable(case, *alike) for alike in by_reason(mode for mode in case.modes if is_unusable(mode))]
    if not any(mode.measured for mode in case.modes):
        return _nothing_measured(case, unusable)
    two = case.case.is_held_against
    findings = findings_of_two(case) if two else findings_of(case)
    doubts = doubts_about(case)
    doubtful = [doubt.sentence for doubt in doubts]
    if len(usable) == 1:
        alone = takes(usable[0])
        if not findings:
            return Advice(f"{alone}; nothing to compare it with.", tuple(doubtful))
        return Advice(findings[-1].sentence, (*(finding.remark for finding in findings[:-1]), f"{alone}.", *doubtful))
    learn_more = _how_to_learn_more(case, hint)
    is_told = any(finding.kind in ("retraced", "differs") for finding in findings)
    if usable and not is_told and not any(has_interval(pair) for pair in case.pairs):
        headline = f"Too few rounds yet to compare the modes. {learn_more}".rstrip()
        return Advice(headline, (*(finding.remark for finding in unusable), *doubtful))
    return _compose(case, findings, headline_of_two(findings) if two else _headline(findings), doubts, learn_more)


def choose(case: CaseResult) -> Choice:
    """The mode that `advise` speaks for."""
    if case.case.is_held_against:
        quicker = quicker_of_two(case)
        return Choice(quicker.rstrip("?"), certain=bool(quicker) and not quicker.endswith("?"))
    choice = Choice(next((mode.mode for mode in case.modes if mode.comparable), ""))
    for finding in findings_of(case):
        if finding.kind == "use" and finding.pair is not None:
            pair = finding.pair
            choice = Choice(pair.mode, pair.break_even_calls, certain=_doubted(pair, doubts_about(case)) is None)
        elif finding.kind == "unclear":
            choice = replace(choice, certain=False)
    return choice


def in_brief(case: CaseResult) -> tuple[str, str]:
    """For a table: the best mode, and after how many calls its one-off cost is repaid, beside eager's where that was
    measured. Both are empty until the case has ended.
    """
    if not case.ended:
        return "", ""
    if case.case.is_held_against:
        return quicker_of_two(case), ""
    choice = choose(case)
    if not choice.certain:
        return f"{choice.mode}?", UNKNOWN
    calls = choice.repaid_after
    if pair := case.pair(choice.mode, "eager"):
        if pair.verdict == "unclear":
            return choice.mode, UNKNOWN
        calls = pair.break_even_calls
    if calls is not None:
        return choice.mode, count(calls)
    compared = sum(mode.comparable for mode in case.modes) > 1
    return choice.mode, "never" if compared else UNKNOWN if choice.mode else ""


def _headline(findings: list[Finding]) -> Finding:
    """Return the finding that names the mode to use where one can, else what is known of the most complex one.

    What is traced or compiled again and again comes before any comparison without that.
    """
    telling = [finding for finding in findings if finding.kind != "absent"] or findings
    chosen = next((finding for finding in reversed(telling) if finding.kind == "retraced"), telling[-1])
    if chosen.kind == "keep":
        chosen = next((finding for finding in findings if finding.kind == "unclear"), chosen)
    elif chosen.kind not in ("use", "retraced"):
        chosen = next((finding for finding in reversed(findings) if finding.kind == "use"), chosen)
    return chosen


def _compose(
    case: CaseResult, findings: list[Finding], chosen: Finding, doubts: list[Doubt], learn_more: str
) -> Advice:
    """Make the chosen finding the headline and the others remarks; what does not exist for the case is told last.

    What is suspicious is not sold: there the headline is the doubt.
    """
    findings = sorted(findings, key=lambda finding: finding.kind == "absent")
    headline, remarks = chosen.sentence, [explanation(case, chosen), otherwise_in_throughput(case, chosen)]
    for finding in findings:
        if finding is not chosen:
            remarks += [finding.remark, explanation(case, finding), otherwise_in_throughput(case, finding)]
    doubtful = [doubt.sentence for doubt in doubts]
    if chosen.kind == "use" and (doubt := _doubted(chosen.pair, doubts)):
        doubtful.remove(doubt.sentence)
        headline, remarks = doubt.sentence, [chosen.remark, *remarks]
    if chosen.kind == "unclear":
        headline = f"{headline} {learn_more}".rstrip()
    elif any(finding.kind == "unclear" for finding in findings):
        remarks.append(learn_more)
    return Advice(headline, tuple(filter(None, (*doubtful, *remarks))))


def _doubted(pair: PairEstimate | None, doubts: list[Doubt]) -> Doubt | None:
    """The first doubt about one of the two that are compared."""
    compared = {pair.mode, pair.baseline} if pair else set()
    return next((doubt for doubt in doubts if compared.intersection(doubt.modes)), None)


def _nothing_measured(case: CaseResult, unusable: list[Finding]) -> Advice:
    if case.state == "waiting":
        return Advice("Not measured yet.")
    if case.state == "running" and not all(map(is_unusable, case.modes)):
        return Advice("Nothing is measured yet.", tuple(finding.remark for finding in unusable))
    if all(mode.status == "cancelled" for mode in case.modes):
        return Advice("Cancelled before anything was measured.")
    if len(case.modes) > 1 and len(unusable) == 1 and case.modes[0].error:
        return Advice(f"Nothing was measured: {whole_sentence(case.modes[0].error)}")
    simplest, *others = unusable
    return Advice(simplest.remark, tuple(finding.remark for finding in others))


def _how_to_learn_more(case: CaseResult, hint: str) -> str:
    both = "; ".join(part for part in (hint.rstrip(". "), disturbed(case)) if part)
    return f"{both}." if both else ""
