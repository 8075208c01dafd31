"""Scenarios: places of first use, and cases from which others learn. Begin with `kinds.py`."""
