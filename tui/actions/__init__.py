"""The actions of the screen: their keys, names and help, and the messages between its parts.

An action is declared once; bindings, footer, palette and help come from it. It imports bench alone.
"""
