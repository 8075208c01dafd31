"""Foretrack: from a folder of papers, patents and standards to a ranked list of emerging technologies."""

__version__ = "0.1.0"
