"""Enterprises: the echelons that they climb, those that lead, and where they grow.

Begin with `levels.py`: where an enterprise stands on a ladder; then `kinds/`: what is kept of it.
"""
