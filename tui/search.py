"""Search for words in results, sessions and plans."""

from __future__ import annotations


def has_words(text: str, words: str) -> bool:
    """Return whether the text contains every word, ignoring case."""
    text = text.lower()
    return all(word in text for word in words.lower().split())
