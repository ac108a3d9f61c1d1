"""Words that are searched for, in results, sessions and plans alike."""

from __future__ import annotations


def has_words(text: str, words: str) -> bool:
    """Return whether every word stands somewhere in the text, in capitals or not."""
    text = text.lower()
    return all(word in text for word in words.lower().split())
