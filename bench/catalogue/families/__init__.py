"""The built-in workloads, of one family in each module; a family may have several modules.

Each module declares its workloads with `@workload`; `catalogue/__init__.py` lists the modules. Costs are shared in
`catalogue/traffic.py` and `catalogue/image_layers.py`.
"""
