"""Missions: key technologies to be broken through, iconic products, open competitions for tasks, and competitions.

`kinds/` declares the records, `testing.py` compares figures, `actions/following.py` says what a move needs beside its
declaration, `actions/results.py` gives ranks in competitions to the rules that ask for them.
"""
