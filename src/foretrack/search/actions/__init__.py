"""What can be asked of search: `index`, `remove`, `reindex`, `search`, `index_pending`, `state`.

Begin with `searching.py`; `indexing.py` fills what it reads.
"""
