"""Foretrack in a terminal: all domains' commands, and an exit code for every outcome.

Decides nothing and holds no command of its own. Begin with `main.py`.
"""
