"""What the figures mean: verdicts, findings, comparisons and breakdowns, in sentences and rows.

Everything here is pure: it reads a session's results and computes no estimates. Reports and screens import it; it
imports sessions, plans and the waist.
"""
