"""The lookout: which technologies are emerging, as of a date, with the evidence and the doubt.

Everything outside `doors/` and `actions/` is pure thinking on values. Begin with `answers.py`.
"""
