"""Dialogs: the screens that open over another, ask or show one thing, and close."""
