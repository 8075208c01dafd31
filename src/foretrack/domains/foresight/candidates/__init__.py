"""From a signal to a technology that is supported: states, and the decisions between them.

Pure. Begin with `candidate.py`.
"""
