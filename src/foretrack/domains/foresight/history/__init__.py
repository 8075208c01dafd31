"""The past as it could be known: what stood on record at each year, and what became of it.

Pure. Begin with `origins.py`.
"""
