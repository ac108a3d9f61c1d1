"""How `run` measures without a screen: its cases, its progress, its interruption, its outputs."""
