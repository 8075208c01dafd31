"""How the outside world is read: one folder per source, found by `catalogue.py`.

A connector turns bytes into documents and rejected rows. It never writes to the corpus and never
knows another source; what connectors share is in `kit/`. Begin with `kit/connector.py`.
"""
