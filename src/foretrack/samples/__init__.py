"""Invented records in several file formats, for the demo, the tests and the guide. Nothing here is real."""
