"""Doors of search: its commands. They translate a request into an action and its answer into text or JSON."""
