"""Where technologies lie on pictures of them. Pure. Begin with `layout.py`; `quality.py` says how far to trust it."""
