"""From sheets to a ranking that people can question: totals, means, harshness, agreement, flags. Pure.

Begin with `marks.py`, the table that the others read; `harshness.py` corrects it, `agreement.py` says how far it can
be trusted, `watching.py` what an officer should look at.
"""
