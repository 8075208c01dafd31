"""The exchange: bodies that evaluate and transfer achievements. Begin with `kinds.py`."""
