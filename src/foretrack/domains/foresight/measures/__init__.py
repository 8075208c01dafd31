"""What is measured for every concept as of a year: the five attributes of emergence, burst and E-score.

Pure: counts in, numbers out. Begin with `panel.py`.
"""
