"""The panels of one case: bars, rounds, plots, the verdict, where the time of a call goes."""
