"""Foretrack in a browser: pages, forms and feeds; each asks an action and shows its answer.

Decides nothing: permission and rules live in the actions. Begin with `urls.py`.
"""
