"""Finds the line of an exception that tells its user what to mend. Pure: it looks at texts alone."""
