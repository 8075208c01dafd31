"""Rule packs evaluated: from values to an outcome, a score or interval, the full trace, gaps and what-if.

Thinking is pure: `assessing.py` decides, `comparing.py` asks what if, `choosing.py` finds the rule of a date. The rules
themselves are data of the room below, `packs`. `actions/` reads tables and folders, `doors/` is the command `pack`.
"""
