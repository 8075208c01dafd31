"""Standards: the key ones, from proposal to publication. Begin with `kinds.py`."""
