"""Run what takes long in a thread while the screen goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextvars import copy_context
from threading import Lock, Thread

from textual.message import Message
from textual.message_pump import MessagePump

HANDS_OVER_S = 0.001
"""Python's own 5 ms, several times a frame, are felt under each key while a thread reads."""


class UnwantedError(Exception):
    """Nobody waits any more for what is being done."""


def aside(do_it: Callable[[], Message], whom: MessagePump) -> None:
    """Do it in a thread of its own, which is not waited for at the end, and post what comes of it."""
    aside_in_parts(lambda: iter((do_it(),)), whom)


def aside_in_parts(do_it: Callable[[], Iterator[Message]], whom: MessagePump) -> None:
    """As `aside`, for what is posted part by part. What it raises that it should not is a bug of the application's."""
    app = whom.app  # it is there when the one who asked may not be

    def do_all() -> None:
        try:
            with _HASTE:
                for part in do_it():
                    whom.post_message(part)
        except UnwantedError:
            return
        except Exception as error:
            app.call_later(_raise, error)

    Thread(target=copy_context().run, args=(do_all,), name="aside", daemon=True).start()


def _raise(error: Exception) -> None:
    raise error


class _Haste:
    """While any thread is within, Python hands over from one to another every HANDS_OVER_S."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._threads = 0
        self._usual_s = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._threads:
                self._usual_s = sys.getswitchinterval()
                sys.setswitchinterval(HANDS_OVER_S)
            self._threads += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._threads -= 1
            if not self._threads:
                sys.setswitchinterval(self._usual_s)


_HASTE = _Haste()
