"""Tables of matching, as they grew."""
