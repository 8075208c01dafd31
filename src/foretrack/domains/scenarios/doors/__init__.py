"""Doors of the domain: its pages and what it adds to the API."""
