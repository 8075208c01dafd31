"""What can be done with enterprises and their ladders. Begin with `assessing.py`."""
