"""Measure what TensorFlow's graph mode and XLA are worth."""

__version__ = "0.1.0"
