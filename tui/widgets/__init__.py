"""The parts of the screen. Each draws what it is given and computes no statistics."""
