"""The commands that have a module of their own, and the group that reports their errors."""
