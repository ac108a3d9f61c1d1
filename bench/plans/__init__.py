"""Plans as people write them: sweeps, presets, and plan files in TOML.

It makes `Plan` and `Case` of `bench/plan.py` from words and files, and checks them against the catalogue.
"""
