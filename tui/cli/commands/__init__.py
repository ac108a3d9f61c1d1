"""The commands, each in its module, and the group that finds them by name and reports their errors."""
