"""Which records look like one thing: signs and their weights, and which pairs are worth comparing. Pure.

Begin with `scoring.py`; the method and how well it does stand in docs/methods/duplicates.md.
"""
