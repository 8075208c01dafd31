"""What every page has: language, actor, headers, error pages, template tags. Begin with `rendering.py`."""
