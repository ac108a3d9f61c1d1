"""Search for words in results, sessions and plans."""

from __future__ import annotations

import re


def has_words(text: str, words: str) -> bool:
    """Return whether the text contains every word, ignoring case; `m=64` is a whole word and not in `m=640`."""
    text = text.lower()
    return all(has_word(text, word) for word in words.lower().split())


def has_word(text: str, word: str) -> bool:
    """Return whether a text contains a word; both are in small letters."""
    if word not in text:
        return False
    name, sign, value = word.rpartition("=")
    if not (name and sign and value):
        return True
    return re.search(rf"(?<!\w){re.escape(word)}(?!\.?\w)", text) is not None
