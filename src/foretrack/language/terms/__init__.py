"""Terms: phrases of one to four words, counted exactly and judged for whether they name something.

Pure. Begin with `counting.py`.
"""
