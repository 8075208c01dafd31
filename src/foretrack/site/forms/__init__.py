"""Forms made from declarations: a kind's fields as Django form fields, read and refused by the same code as an import.

Begin with `declared.py`; `widgets.py` is what people type into.
"""
