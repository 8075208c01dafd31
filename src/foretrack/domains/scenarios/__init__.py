"""Scenarios: opportunities and what answers them, places of first use, and cases from which others learn.

Begin with `kinds/`, then `actions/library.py`.
"""
