"""Regions: pilot zones in which future industries are concentrated. Begin with `kinds.py`."""
