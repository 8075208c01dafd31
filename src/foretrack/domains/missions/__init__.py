"""Missions: key technologies to be broken through and iconic products. Begin with `kinds.py`."""
