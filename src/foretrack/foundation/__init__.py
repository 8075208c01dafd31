"""The few things every room stands on: errors, clock, periods, identifiers.

Never imports another room. Begin with `errors.py`.
"""
