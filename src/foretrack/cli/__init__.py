"""Foretrack in a terminal: assembles the domains' commands and turns every outcome into a documented exit code.

Decides nothing and holds no command of its own. Begin with `main.py`.
"""
