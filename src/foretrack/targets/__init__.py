"""Targets: what a policy wants by a date, counted from published issues of lists alone, or rated by a named role.

Never counts a record that no issue lists. Begin with `actions/counting.py`.
"""
