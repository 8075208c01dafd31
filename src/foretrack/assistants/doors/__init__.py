"""Doors of the room for assistants: the command that starts the server."""
