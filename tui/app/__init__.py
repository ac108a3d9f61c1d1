"""The application: its first frame, its themes and preferences, how events reach it and how it ends.

It imports screens and everything below them; only the command line imports it.
"""
