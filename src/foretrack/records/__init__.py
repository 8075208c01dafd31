"""The shapes of things: documents, organisations, rejected rows, provenance.

Does nothing by itself. Begin with `document.py`.
"""
