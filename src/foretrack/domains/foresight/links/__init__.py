"""Which concepts will be studied together: pairs, reasons and scores.

Pure. Begin with `pairs.py`.
"""
