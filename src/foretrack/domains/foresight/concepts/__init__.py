"""Concepts: mined phrases whose spellings, acronyms and languages are merged into one.

Pure. Begin with `mining.py`.
"""
