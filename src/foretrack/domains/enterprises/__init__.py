"""Enterprises: those that lead, and the incubators in which they grow. Begin with `kinds.py`."""
