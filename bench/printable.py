"""Make text safe to show: control characters and others that act on a terminal become visible escapes."""

from __future__ import annotations

import re

UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # controls, but for the newline
    "\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # direction, order, what is not seen
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Characters that move the cursor, change the order of others or are invisible; the newline is not one of them.

The joiners U+200C and U+200D are not among them: scripts and emoji need them.
"""

NAMED = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def printable(text: str) -> str:
    r"""Return `text` with each unprintable character shown as its escape: `\x1b`, `\u202e`. Newlines stay."""
    return UNPRINTABLE.sub(_shown, text)


def on_one_line(text: str) -> str:
    r"""Return `text` as `printable` does, with newlines shown as `\n`, too."""
    return printable(text).replace("\n", NAMED["\n"])


def printable_json(text: str) -> str:
    r"""Return a JSON text that means the same and holds no unprintable character: in its strings they are `\uXXXX`."""
    return UNPRINTABLE.sub(lambda match: _json_escape(match.group()), text)


def printable_toml(text: str) -> str:
    r"""Return a TOML text that means the same, as `printable_json` does: `\uXXXX`, or `\UXXXXXXXX` beyond those."""
    return UNPRINTABLE.sub(lambda match: _toml_escape(match.group()), text)


def _shown(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in NAMED:
        return NAMED[character]
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _toml_escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escape(character: str) -> str:
    """Return `\\uXXXX`, or two of them (a surrogate pair) beyond U+FFFF: JSON has no longer escapes."""
    if ord(character) <= 0xFFFF:
        return f"\\u{ord(character):04x}"
    units = character.encode("utf-16-be")
    return f"\\u{units[:2].hex()}\\u{units[2:].hex()}"
