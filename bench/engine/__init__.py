"""The engine: carries out plans in a thread and yields every event.

`engine.py` is the face, `scheduler.py` decides what comes next, `far_worker.py` knows the state of a worker,
`launch.py` starts one. It imports sessions and the waist, never analysis or reports.
"""
