"""How the application is left: by a key, by a signal, by a failure of its own. Whichever it is, the far side ends."""

from __future__ import annotations

import asyncio
import signal
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from ..actions.messages import GoOn, SourceEnded
from ..config.loader import Configuration
from ..terminal.tty_status import TtyStatus
from .preferences import RememberingApp

if TYPE_CHECKING:
    from bench.engine.source import Source

    from ..config.trust import Trust

QUIT_WAIT_S = 3.0
"""A source that does not end is left behind after this long."""


class LeavingApp(RememberingApp):
    """Has the source until it is left. `asks`: whether to ask first, while something is measured."""

    def __init__(
        self,
        source: Source,
        configuration: Configuration,
        trust: Trust | None = None,
        *,
        ascii: bool,  # noqa: A002 - as in ThemedApp
        asks: bool,
    ) -> None:
        super().__init__(configuration, trust, ascii=ascii)
        self.next_session: Path | None = None
        """The session that the user wants to go on with, once this application has ended."""
        self._source = source
        self._line = TtyStatus()
        self._leaving = False
        self._asks_before_leaving = asks
        self._exit_code = 0

    @property
    def is_measuring(self) -> bool:
        """Whether a plan is under way."""
        return False

    @property
    def has_its_result(self) -> bool:
        """Tell whether all that was asked for is known, though it may be getting more precise."""
        return False

    @property
    def is_waiting(self) -> bool:
        """Whether a plan was asked for that has not begun."""
        return False

    async def action_quit(self) -> None:
        """Leave; first ask whether to, while something is being measured."""
        if self._asks_before_leaving and self.is_measuring and not (self.has_its_result or self._leaving):
            from ..screens.dialogs.confirm import QuitScreen

            self._asks_before_leaving = False  # asked again, it leaves
            self.push_screen(QuitScreen(self._leave), self._stay)
        else:
            self._leave()

    def _stay(self, _: None) -> None:
        self._asks_before_leaving = True

    def _leave(self) -> None:
        """Stop the far side, then leave; a second time, or after QUIT_WAIT_S, leave at once."""
        if self._leaving:
            self.exit()
            return
        if self._line.takes_more:
            self.notify("Stopping…")
        if self.is_measuring or self.is_waiting:
            self._source.cancel()  # on purpose: what is under way does not break off
        self._close()
        self.set_timer(QUIT_WAIT_S, self.exit)

    def terminate(self) -> None:
        """SIGTERM: quit without a question, and leave the terminal as it was; a second one is the system's again."""
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
        self._exit_code = 128 + signal.SIGTERM
        self._close()
        self.set_timer(QUIT_WAIT_S, partial(self.exit, return_code=self._exit_code))

    @on(GoOn)
    def _go_on(self, message: GoOn) -> None:
        def leave() -> None:
            self.next_session = message.path
            self._leave()

        self.admit("go on?", message.fars, message.workloads, leave)

    @on(SourceEnded)
    def _source_ended(self, message: SourceEnded) -> None:
        if self._leaving:
            self.exit(return_code=self._exit_code)
        elif message.error:
            self.notify(f"No more events come: {message.error}", severity="error", timeout=60)

    def on_unmount(self) -> None:
        """However the application ends, the source's thread is to end too."""
        self._close()

    @property
    def failure(self) -> Exception | None:
        """What has ended the application, if that was a failure of its own."""
        return self._exception

    def _handle_exception(self, error: Exception) -> None:
        """Once it ends, its parts are taken from under those that still draw on them: that is no failure."""
        if not self._exit:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave, without the pages that Textual prints: whoever opened the screen has one line for `failure`."""
        self._close_messages_no_wait()

    def _close(self) -> None:
        if not self._leaving:
            self._leaving = True
            # Not on the event loop, which it might block.
            threading.Thread(target=self._source.close, name="close-source", daemon=True).start()
