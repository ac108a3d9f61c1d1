"""What the measurement comes to, in words that can be quoted."""

from __future__ import annotations

from textual.content import Content

from bench.events import WorkloadInfo
from bench.session import CaseResult, Session

from .case_panel import CasePanel

HINT = "Press t for a thorough run"
LOG_LINES = 3


class VerdictPanel(CasePanel):
    """Advice for the case shown; before there is one, what to do; and what went wrong with the far side."""

    DEFAULT_CSS = """
    VerdictPanel { overflow-y: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._text = Content("")

    def on_mount(self) -> None:
        """Say what is drawn."""
        self.border_title = "verdict"

    def tell(self, session: Session, case: CaseResult | None, chosen: WorkloadInfo, *, waiting: bool) -> None:
        """Say what is to be said of `case`, or of the workload `chosen` while there is none."""
        text = None
        if not waiting and (case is None or session.hello is None or session.worker == "lost"):
            text = self._trouble(session)  # a worker that died during a case is told of by the case
        text = text or (self._case(case) if case else self._invitation(chosen, waiting=waiting))
        if text != self._text:
            self._text = text
            self.refresh(layout=True)

    def render(self) -> Content:
        """The words."""
        return self._text

    def _trouble(self, session: Session) -> Content | None:
        if session.worker not in ("failed", "lost") or not session.trouble:
            return None
        what, *log = session.trouble
        if session.hello is None:
            head = f"TensorFlow could not be loaded: {what}."
            advice = (
                "Install it with `pip install tensorflow`, or name a Python that has it: "
                "`tfjit-tui --python PATH`. r tries again."
            )
        else:
            head, advice = f"The far side is gone: {what}.", "What was measured is kept. r tries again."
        lines = [Content(head).stylize(self.trouble), Content(advice)]
        lines += [Content(line).stylize(self.quiet) for line in log[-LOG_LINES:]]
        return Content("\n").join(lines)

    def _invitation(self, chosen: WorkloadInfo, *, waiting: bool) -> Content:
        return Content.assemble(
            ("It is measured as soon as TensorFlow is loaded. " if waiting else "Press r to measure. ", "bold"),
            f"{chosen.name}: {chosen.help} ".replace("\n", " "),
            (chosen.teaches, self.quiet),
        )

    def _case(self, case: CaseResult) -> Content:
        if not (case.ended or any(mode.measured for mode in case.modes)):
            return Content(f"Measuring {case.case.workload}…").stylize(self.quiet)
        from bench.verdict import advise  # not for the first frame

        from .latency import preset_of

        advice = advise(case, hint=HINT)
        remarks = " ".join(advice.remarks)
        preset = preset_of(case)
        claims = f" The claims differ because: {preset.why}" if preset else ""
        return Content.assemble(
            ("" if case.ended else "So far: ", self.quiet),
            (advice.headline, "bold"),
            f" {remarks}" if remarks else "",
            (claims, self.quiet),
        )
