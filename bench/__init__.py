"""Measure what TensorFlow's graph mode and XLA are worth."""
