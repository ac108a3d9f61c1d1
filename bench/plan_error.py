"""The error of everything that a plan is made of. Both sides of the wire read this file."""


class PlanError(ValueError):
    """A plan that cannot be measured, said in one line."""
