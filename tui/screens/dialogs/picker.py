"""Asks which workload to measure, and tells of each what it is and how it is written in every mode."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Click
from textual.timer import Timer
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from bench.events import WorkloadInfo
from bench.plan import short_name

from ...actions.actions import Open
from ...config.preferences import Preferences
from ...draft.workload_search import OWN_HEADING, search, sections, summary
from ...widgets.drawing.plain_text import shown, words
from ...widgets.footer import ActionFooter
from ...widgets.panels.workload_help import WorkloadHelp
from ...widgets.setup.fields import STAR
from ..closing import ModalScreen

OPEN = "Open…"
"""The last entry: code of the user's own."""

NAME_WIDTH, FAMILY_WIDTH = 24, 16

TOLD_AFTER_S = 0.15
"""Help follows the cursor when it rests: it is a screenful of its own."""


class Words(Input):
    """What is searched for. No name has a star in it."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed here."""
        return character != "*" and super().check_consume_key(key, character)


class WorkloadOptions(OptionList, can_focus=False):
    """The list. A click puts the cursor on a workload, another chooses it; the search keeps the keys."""

    async def on_click(self, event: Click) -> None:
        """Put the cursor on a workload, in place of choosing it."""
        clicked = event.style.meta.get("option")
        if clicked is not None and clicked != self.highlighted and not self.get_option_at_index(clicked).disabled:
            event.prevent_default()
            self.highlighted = clicked


class PickerScreen(ModalScreen[None]):
    """Chooses a workload by its name, or OPEN. `preferences` has the user's stars; `known` tells what was found of a
    workload here.
    """

    CSS_PATH = "picker.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-normal"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "choose", priority=True),
        Binding("asterisk", "star", "star", priority=True),
        Binding("tab,shift+tab", "turn", "to its help and back", priority=True),
        Binding("escape", "back", "back", priority=True),
        *(
            Binding(key, f"move('{action}')", show=False, priority=True)
            for key, action in (
                ("up", "cursor_up"),
                ("down", "cursor_down"),
                ("pageup", "page_up"),
                ("pagedown", "page_down"),
            )
        ),
    ]

    def __init__(
        self,
        workloads: Mapping[str, WorkloadInfo],
        chosen: str,
        preferences: Preferences,
        *,
        choose: Callable[[str], Awaitable[None]],
        modes: Iterable[str],
        known: Callable[[str], str],
    ) -> None:
        super().__init__()
        self._workloads = workloads
        self._chosen = chosen
        self._preferences = preferences
        self._choose = choose
        self._modes = tuple(modes)
        self._known = known
        self._words = ""
        self._names: list[str] = []
        """Of each line of the list that these words give; empty for a heading."""
        self._telling: Timer | None = None

    def compose(self) -> ComposeResult:
        """The words, the list, and the help beside it."""
        yield Words(placeholder=f"search {len(self._workloads)} workloads", compact=True)
        with Container(id="both"):
            yield WorkloadOptions()
            yield WorkloadHelp(self._modes)
        yield ActionFooter()

    def on_mount(self) -> None:
        """Begin at what is chosen, ready to search."""
        self.set_focus(self.query_one(Words))
        self._list()
        self._go_to(self._chosen)
        self._tell()

    # --- the list ---------------------------------------------------------------------------------------------------

    @property
    def _options(self) -> WorkloadOptions:
        return self.query_one(WorkloadOptions)

    @property
    def _pointed(self) -> str:
        """The entry under the cursor; empty where there is none."""
        return "" if self._options.highlighted is None else self._names[self._options.highlighted]

    def _list(self) -> None:
        lines = self._found(self._words) if self._words else self._all()
        self._names = [name for name, _ in lines]
        with self.prevent(OptionList.OptionHighlighted):
            self._options.clear_options()
            self._options.add_options(Option(prompt, disabled=not name) for name, prompt in lines)

    def _all(self) -> list[tuple[str, Content]]:
        settings = self._preferences.settings
        lines: list[tuple[str, Content]] = []
        for heading, infos in sections(self._workloads, settings.starred, settings.recent).items():
            if infos or heading == OWN_HEADING:
                lines.append(("", words(heading)))
            lines += [self._line(info.name, Content(short_name(info.name)), Content(summary(info))) for info in infos]
        return [*lines, self._line(OPEN, Content(OPEN), Content(Open.help()))]

    def _found(self, typed: str) -> list[tuple[str, Content]]:
        lines = []
        for found in search(typed, self._workloads.values()):
            name = Content(short_name(found.info.name))
            for at in found.letters:
                name = name.stylize("bold underline", at, at + 1)
            text = Content(found.text)
            for start, end in found.spans:
                text = text.stylize("underline", start, end)
            lines.append(self._line(found.info.name, name, Content(f"{found.info.family:<{FAMILY_WIDTH}}") + text))
        return lines

    def _line(self, entry: str, name: Content, text: Content) -> tuple[str, Content]:
        star = STAR if entry in self._preferences.settings.starred else " "
        name = shown(name)
        padding = " " * max(1, NAME_WIDTH - name.cell_length)
        return entry, Content.assemble(f"{star} ", name, padding, shown(text).stylize("$foreground-muted"))

    def _go_to(self, name: str, near: int = 0) -> None:
        """Put the cursor on an entry: of several of one name on that nearest to a line, without a name on the first."""
        lines = [line for line, entry in enumerate(self._names) if entry == name or (entry and not name)]
        self._options.highlighted = min(lines, key=lambda line: abs(line - near), default=None)
        if lines:
            self._options.scroll_to_highlight()

    @on(Input.Changed)
    def _search(self) -> None:
        words = self.query_one(Words).value.strip()
        if words != self._words:
            self._words = words
            self._list()
            self._go_to("" if words else self._chosen)

    async def _take_letters(self) -> None:
        """Have the list be that of all letters that came before, which are still on their way over a slow line."""
        taken = asyncio.Event()
        if self.query_one(Words).call_later(taken.set):
            await taken.wait()
        self._search()

    # --- its help ---------------------------------------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def _pointed_at(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self._telling is not None:
            self._telling.stop()
        self._telling = self.set_timer(TOLD_AFTER_S, self._tell)

    def _tell(self) -> None:
        info = self._workloads.get(self._pointed)
        self.query_one(WorkloadHelp).show(info, self._known(info.name) if info else "")

    # --- keys -------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key is heard here: the help, while it is read, has the arrows to itself."""
        return action != "move" or not self.has_class("-reading")

    async def action_move(self, action: str) -> None:
        """Move the cursor."""
        await self._take_letters()
        getattr(self._options, f"action_{action}")()

    async def action_turn(self) -> None:
        """From the list to the help, where the arrows scroll, and back."""
        await self._take_letters()
        self._tell()
        self.toggle_class("-reading")
        self.set_focus(self.query_one(WorkloadHelp if self.has_class("-reading") else Words))

    async def action_back(self) -> None:
        """From the help to the list, from the list to the setup."""
        if self.has_class("-reading"):
            await self.action_turn()
        else:
            self.dismiss(None)

    async def action_star(self) -> None:
        """Star the workload under the cursor, or no longer."""
        await self._take_letters()
        if (pointed := self._pointed) in self._workloads:
            below = len(self._names) - (self._options.highlighted or 0)  # what a star adds or takes lies above
            self._preferences.turn_star(pointed)
            self._list()
            self._go_to(pointed, len(self._names) - below)

    async def action_choose(self) -> None:
        """Choose what is under the cursor."""
        await self._take_letters()
        await self._choose_pointed()

    @on(OptionList.OptionSelected)
    async def _choose_pointed(self) -> None:
        if pointed := self._pointed:
            self.dismiss(None)
            await self._choose(pointed)  # here, so that the keys that follow are for what is chosen
