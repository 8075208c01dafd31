"""What every connector stands on: opening files safely, building documents, talking to services.

Begin with `connector.py`.
"""
