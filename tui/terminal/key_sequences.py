"""Split what a terminal sends into keys, escape sequences and pastes, whatever it is that it sends.

A terminal's bytes are data: replies to nobody, half a sequence, a file dumped into the window. A sequence is taken
whole, so that one that nobody knows can be left out whole; else its letters would be typed, and pressed as commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ESC = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
MOST_PASTED = 1 << 20
"""Characters of one paste; the rest is dropped."""

LONGEST_SEQUENCE = 64

SEQUENCE_ENDS_AFTER, PASTE_ENDS_AFTER = 5, 50
"""Pauses after which an open sequence, or an open paste, has lost its end. A lone escape is a key after one."""

TOKEN = re.compile(
    r"(?P<text>[^\x1b]+)"
    r"|(?P<key>\x1b(?=\x1b)|\x1b[^\x1b\[\]OPX^_]|\x1bO(?=[^\d;@-~])|\x1b[\]PX^_](?=[^ -~]))"
    r"|(?P<string>\x1b[\]PX^_])(?=[ -~])"
    r"|(?P<sequence>\x1b\[\[[A-E]|\x1b\[\d+\$|\x1b\[(?![\[M])[0-?]*[ -/]*[@-~]|\x1bO[\d;]*[@-~])"
    r"|(?P<broken>\x1b\[[0-?]*[ -/]*(?=[^ -~])|\x1b\[[0-?]*[ -/]+(?=[0-?])|\x1bO[\d;]+(?=[^\d;@-~])"
    r"|\x1b\[\[(?=[^A-E])|\x1b\[M(?:[^\x1b]{3}|(?=[^\x1b]{0,2}\x1b)))"
)
"""The first token of the input; no match if it has not arrived completely.

`key`: escape, or alt and a key. `string`: OSC, DCS, SOS, PM and APC. `sequence`: CSI and SS3, those of the Linux
console and of rxvt among them. `broken`: what breaks off, and the mouse reports that no terminal is asked for.
"""

STRING_END = re.compile(r"[\x07\x9c]|\x1b\\|(?=[\x00-\x06\x08-\x1a\x1c-\x1f]|\x1b[^\\])")
"""The terminator of a string, or what no string contains: a pressed key, another sequence."""

NOT_PASTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

KITTY_KEY = re.compile(
    r"\x1b\[(?P<code>\d*)(?::[\d:]*)?"
    r"(?:;(?P<modifiers>\d*)(?::(?P<type>\d*))?(?P<text>;[\d:]*)?)?"
    r"(?P<end>[u~A-FHPQRS])"
)
"""A key in kitty's protocol: `code:alternates ; modifiers:type ; text`."""

RELEASED = "3"


@dataclass(frozen=True)
class Pressed:
    """Typed characters, or one whole sequence. `is_whole`: nothing that follows can belong to it."""

    text: str
    is_whole: bool = True


@dataclass(frozen=True)
class Pasted:
    """Text that was pasted, without control characters."""

    text: str


class Splitter:
    """Splits input that arrives in any pieces. It never raises and holds one paste at most."""

    def __init__(self) -> None:
        self._held = ""
        self._pasted: list[str] | None = None
        self._in_string = False
        self._pauses = 0

    def feed(self, text: str) -> Iterator[Pressed | Pasted]:
        """Yield what is complete with `text`."""
        self._pauses = 0
        self._held += text
        before = None
        while self._held and before != (before := (len(self._held), self._in_string, self._pasted is None)):
            if self._pasted is not None:
                yield from self._paste(self._pasted)
            elif self._in_string:
                self._skip_string()
            else:
                yield from self._take_token()

    def pause(self) -> Iterator[Pressed | Pasted]:
        """Yield what nothing can continue any more, since no input has arrived for a moment."""
        self._pauses += 1
        if self._pasted is not None:
            if self._pauses >= PASTE_ENDS_AFTER:
                yield self._end_paste(self._pasted)
                self._held = ""
        elif (self._held == ESC and not self._in_string) or self._pauses >= SEQUENCE_ENDS_AFTER:
            held, self._held = self._held, ""
            if held and not self._in_string and len(held) <= len("\x1b["):
                yield Pressed(held)
            self._in_string = False

    def _take_token(self) -> Iterator[Pressed]:
        token = TOKEN.match(self._held)
        if token is None:
            if len(self._held) > LONGEST_SEQUENCE:
                self._held = ""
            return
        self._held = self._held[token.end() :]
        if token["text"] or token["key"]:
            yield Pressed(token.group())
        elif token["string"]:
            self._in_string = True
        elif token.group() == PASTE_BEGINS:
            self._pasted = []
        elif token["sequence"] and (sequence := _as_pressed(token.group())):
            yield Pressed(sequence, is_whole=False)

    def _skip_string(self) -> None:
        end = STRING_END.search(self._held)
        self._in_string = end is None
        is_cut = end is None and self._held.endswith(ESC)
        self._held = self._held[end.end() :] if end else ESC if is_cut else ""

    def _paste(self, parts: list[str]) -> Iterator[Pasted]:
        text, end, rest = self._held.partition(PASTE_ENDS)
        if end:
            parts.append(text)
            self._held = rest
            yield self._end_paste(parts)
            return
        cut = next((size for size in range(len(PASTE_ENDS) - 1, 0, -1) if text.endswith(PASTE_ENDS[:size])), 0)
        self._held = text[len(text) - cut :]
        if sum(map(len, parts)) < MOST_PASTED:
            parts.append(text[: len(text) - cut])

    def _end_paste(self, parts: list[str]) -> Pasted:
        self._pasted = None
        return Pasted(NOT_PASTED.sub("", "".join(parts)[:MOST_PASTED]))


def _as_pressed(sequence: str) -> str:
    """Return the sequence without the additions of kitty's protocol, or "" if the key was released."""
    key = KITTY_KEY.fullmatch(sequence)
    if key is None or ":" not in sequence:
        return sequence
    if key["type"] == RELEASED:
        return ""
    modifiers = "" if key["modifiers"] is None else f";{key['modifiers']}"
    return f"\x1b[{key['code']}{modifiers}{key['text'] or ''}{key['end']}"
