"""The setup panel: its fields, its dimensions and the checks of what is typed."""
