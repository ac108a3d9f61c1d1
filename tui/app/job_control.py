"""Job control: the shell has the terminal for a while, and the application comes back to it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from textual.driver import Driver

from .shutdown import LeavingApp


class SuspendingApp(LeavingApp):
    """Stops with its whole job, as a terminal's programs do, and draws all anew when it goes on.

    Textual stops its own process alone: a shell that runs a script or `uv run` around it never hears of that, and where
    the terminal has no shell (`ssh -t box tfjit-tui`) nobody can wake it. After a stop by others (a batch system's
    SIGSTOP) it begins a second time, with two threads that read keys.
    """

    def on_mount(self) -> None:
        """Hear what a shell or a batch system does to its jobs."""
        self._hear(self._signals)

    @property
    def _signals(self) -> Mapping[signal.Signals, Callable[[], None]]:
        return {
            signal.SIGTSTP: self.action_suspend_process,
            signal.SIGCONT: self._was_stopped,
            signal.SIGTERM: self.terminate,
        }

    def _hear(self, signals: Mapping[signal.Signals, Callable[[], None]]) -> None:
        loop = asyncio.get_running_loop()
        for number, handler in signals.items():
            loop.add_signal_handler(number, handler)

    @contextmanager
    def _as_the_system_does(self) -> Iterator[None]:
        """Signals do what they do to any process: who ends a stopped one waits for no farewell."""
        loop = asyncio.get_running_loop()
        for number in self._signals:
            loop.remove_signal_handler(number)
        try:
            yield
        finally:
            self._hear(self._signals)

    def action_suspend_process(self) -> None:
        """Leave the terminal to the shell until it says to go on; where there is none, go on at once."""
        if (driver := self._terminal) is None:
            return
        driver.suspend_application_mode()
        with self._as_the_system_does():
            os.kill(0, signal.SIGTSTP)
            _wait_for_terminal()
        self._come_back(driver)

    def _was_stopped(self) -> None:
        """Others stopped the process and let it go on: what has become of the terminal meanwhile nobody knows."""
        if (driver := self._terminal) is None:
            return
        with self._as_the_system_does():
            _wait_for_terminal()
        driver.suspend_application_mode()
        self._come_back(driver)

    @property
    def _terminal(self) -> Driver | None:
        """What draws on a terminal and reads its keys; None where there is none, or it has been handed back."""
        return self._driver if self._driver is not None and self._driver.can_suspend and not self._exit else None

    def _come_back(self, driver: Driver) -> None:
        driver.resume_application_mode()
        self.draw_anew()


def _wait_for_terminal() -> None:
    """Be stopped for as long as another job has the terminal: who changes its settings is, even to what they are."""
    assert sys.__stdin__ is not None
    with suppress(termios.error):
        termios.tcsetattr(sys.__stdin__, termios.TCSANOW, termios.tcgetattr(sys.__stdin__))
