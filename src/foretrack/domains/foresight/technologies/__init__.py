"""Communities of concepts with an identity that lasts over years.

Pure. Begin with `communities.py`.
"""
