"""The screens: the one that measures, and those that open over it."""
