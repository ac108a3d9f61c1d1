"""Exports: CSV, JSON, Markdown and HTML, and the tables that they share.

`formats.py` lists the kinds of file; each kind has its own module. It imports analysis, sessions and plans.
"""
