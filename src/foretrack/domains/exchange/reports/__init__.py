"""Reports of evaluations: their shape, as JSON and as PDF. Begin with `shape.py`."""
