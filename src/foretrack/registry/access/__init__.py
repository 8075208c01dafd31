"""Who may do what: roles, the actor of a request, and the one table of permissions. Pure; begin with `permission.py`."""
