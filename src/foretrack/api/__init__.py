"""Foretrack for programs: addresses under `/api/v1/` that ask the same actions as pages and commands.

Decides nothing: each file of routes is one resource. Begin with `assembling.py`.
"""

VERSION = "1"
"""Of the addresses; it changes only where a program that was written for it would no longer work."""
