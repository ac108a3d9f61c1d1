"""Timing and statistics: rounds, warm-up, medians and their intervals, when to stop.

The statistics are pure functions of numpy arrays. It imports the waist alone.
"""
