"""Who reviews what: conflicts, fit, a drawn pool, the best assignment. Pure: values in, values out.

Begin with `solving.py`; `conflicts.py` and `fitting.py` make what it needs, `drawing.py` the pool before it, and
`baselines.py` what it is measured against.
"""
