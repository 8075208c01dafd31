"""Matching: needs and offers brought together, each match explained, interest followed, feedback learned from. Begin with
`profiles.py`."""
