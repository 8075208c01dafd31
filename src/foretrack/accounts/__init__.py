"""People and programs that may act: accounts, what is granted to them, tokens, and how they become an actor.

Never decides what an actor may do: that is `registry/access/`. Begin with `models.py` and `actors.py`.
"""
