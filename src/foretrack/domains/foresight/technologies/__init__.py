"""Communities of concepts with an identity that lasts over years.

Pure. Begin with `evolving.py`: one year from the year before; `communities.py` finds what belongs together,
`lineage.py` who it is, `belonging.py` gives documents to technologies, `describing.py` says stage and tracks.
"""
