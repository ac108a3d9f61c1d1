"""The built-in workloads, one module for each family.

Each module declares its workloads with `@workload`; `catalogue/__init__.py` lists the modules. Costs are shared in
`catalogue/traffic.py` and `catalogue/image_layers.py`.
"""
