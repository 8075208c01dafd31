"""One frozen issue as HTML, CSV, Excel, JSON-LD and PDF, and a series as an Atom file: values in, text or bytes out.

JSON is not rendered: it is `issue.content_of`, the bytes that are hashed. Begin with `formats.py`.
"""
