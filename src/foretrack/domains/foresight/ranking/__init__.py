"""From measures to an order and a state, each with its reasons.

Pure. Begin with `outlook.py`.
"""
