"""One installation: its settings read once, its database, its kinds; everything that has to happen before a request.

Begin with `reading.py` (what can be set) and `opening.py` (how a registry is opened).
"""
