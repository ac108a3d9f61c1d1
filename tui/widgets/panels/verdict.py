"""What the measurement comes to, in words that can be quoted."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from textual.content import Content

from bench.events import WorkloadInfo
from bench.plans.presets import PRESETS
from bench.printable import printable
from bench.session.results import CaseResult
from bench.session.session import Session

from ...actions.actions import Details
from ...presentation.device_text import gpus_beside
from ...presentation.fixed_width import shorten
from ...presentation.status_text import lacks_tensorflow
from ..drawing.plain_text import words
from ..drawing.prose import Prose
from ..drawing.style_sheet import beside
from .case_panel import CasePanel

if TYPE_CHECKING:
    from bench.analysis.crossover import Sweeps

LOG_LINES = 3

MOST_SENTENCES = 12
"""Of a sweep along several axes: more than the panel has room for, and no thousands."""

TITLE = "verdict"
TITLE_OF_FIGURES = f"{TITLE} · {Details.key} tells where the time goes"


class VerdictPanel(CasePanel):
    """Advice for the case shown; before there is one, what to do; and what went wrong with the far side."""

    DEFAULT_CSS = beside(__file__)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._text = Prose.of("")

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = TITLE

    def tell(
        self,
        session: Session,
        case: CaseResult | None,
        chosen: WorkloadInfo,
        *,
        sweeps: Sweeps | None,
        waiting: bool,
        known: str = "",
        hint: str = "",
        device: str = "",
    ) -> None:
        """Say what is to be said of `case`, or of the workload `chosen` while there is none.

        `sweeps` has what the session's sweeps show, `known` what was found of the workload before; `hint` says how to
        learn more of the case; `device` is the one that is set up.
        """
        text = None
        if not waiting and (case is None or session.hello is None or session.worker == "lost"):
            text = self._trouble(session)  # a worker that died during a case is told of by the case
        if text is None and case is not None:
            text = self._sweep(sweeps, case) + self._case(case, hint)
        prose = Prose.of(text or self._invitation(session, chosen, known, device, waiting=waiting))
        title = TITLE_OF_FIGURES if case and any(mode.measured for mode in case.modes) else TITLE
        if title != self.border_title:
            self.border_title = title
        if prose != self._text:
            moves_others = not self.size or self._height(prose) != self._height(self._text)
            self._text = prose
            self.refresh(layout=moves_others)

    def render(self) -> Content:
        """The words."""
        return self._text

    def _height(self, text: Content) -> int:
        return text.get_height({}, self.size.width)

    def _trouble(self, session: Session) -> Content | None:
        if session.worker not in ("failed", "lost") or not session.trouble:
            return None
        what, *log = session.trouble
        advice = "r tries again."
        if lacks_tensorflow(session.trouble):
            head = f"TensorFlow could not be loaded: {what}."
            advice = (
                "Install it with `pip install tensorflow`, or name a Python that has it: "
                "`tfjit-tui --python PATH`. r tries again."
            )
        elif session.hello is None:
            head = f"The far side could not be started: {what}."
        else:
            head, advice = f"The far side is gone: {what}.", "What was measured is kept. r tries again."
        lines = [words(head).stylize(self.trouble), Content(advice)]
        unsaid = [line for line in log if line.strip() not in what]
        lines += [Content(shorten(line, self.size.width)).stylize(self.quiet) for line in unsaid[-LOG_LINES:]]
        return Content("\n").join(lines)

    def _invitation(self, session: Session, chosen: WorkloadInfo, known: str, device: str, *, waiting: bool) -> Content:
        gpus = gpus_beside(device, session.devices, "under device")
        return Content.assemble(
            ("It is measured as soon as TensorFlow is loaded. " if waiting else "Press r to measure. ", "bold"),
            f"{chosen.name}{':' if chosen.help else ''} {chosen.help} ".replace("\n", " "),
            (chosen.teaches, self.quiet),
            f"\n{known}" if known else "",
            printable(f"\n{gpus}") if gpus else "",
            *(part for why in session.missing for part in (("\nNo GPU: ", self.trouble), printable(f"{why}."))),
        )

    def _sweep(self, sweeps: Sweeps | None, case: CaseResult) -> Content:
        """What the sweep has shown so far that a case is part of; empty where that is nothing."""
        if sweeps is None or not (concluded := list(islice(sweeps.conclusions(case.plan.sweep), MOST_SENTENCES + 1))):
            return Content("")
        if len(concluded) > MOST_SENTENCES:
            concluded[-1] = "…"
        so_far = "" if sweeps.has_ended(case.plan.sweep) else "So far: "
        lines = Content("\n").join(words(sentence).stylize("bold") for sentence in concluded)
        return Content.assemble(
            (so_far, self.quiet), lines, "\n", (printable(f"At {case.case.dims_text}: "), self.quiet)
        )

    def _case(self, case: CaseResult, hint: str) -> Content:
        if not (case.ended or any(mode.measured for mode in case.modes)):
            return words(f"Measuring {case.case.workload}…").stylize(self.quiet)
        from bench.analysis.verdict import advise  # not for the first frame

        advice = advise(case, hint=hint)
        remarks = printable(" ".join(advice.remarks))
        preset = PRESETS.get(case.plan.preset)
        claims = f" The claims differ because {preset.why}" if preset else ""
        return Content.assemble(
            ("" if case.ended else "So far: ", self.quiet),
            (printable(advice.headline), "bold"),
            f" {remarks}" if remarks else "",
            (claims, self.quiet),
        )
