"""From a signal to a technology that is supported: stages, and the signed decisions between them.

Pure. Begin with `candidate.py`.
"""
