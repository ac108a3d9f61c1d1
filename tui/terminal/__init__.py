"""What lies between Textual and the terminal: input, output in few bytes, signs for plain terminals.

Private interfaces of Textual are used here and in `tui/app` alone. It imports bench's `printable.py` alone.
"""
