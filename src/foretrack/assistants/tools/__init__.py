"""What an assistant can ask, room by room: the lookout, the registry and its lists, and what changes something."""
