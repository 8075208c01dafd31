"""Foretrack for assistants: an MCP server over stdio with the same actions as the site, read-only unless told otherwise.

Decides nothing. Begin with `server.py`; what can be asked is in `tools/`.
"""
