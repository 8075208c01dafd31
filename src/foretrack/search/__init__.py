"""Search over everything Foretrack knows, by words and by meaning, in English and Chinese; every hit says why.

Thinking is `words.py`, `query.py`, `scoring.py`, `why.py` and `columns.py`; tables are in `models.py`.
Begin with `shapes.py`.
"""
