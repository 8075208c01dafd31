"""What a kind of record is: fields, states and transitions as typed Python. Pure; begin with `kind.py`."""
