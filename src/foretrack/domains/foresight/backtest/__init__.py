"""Would the list have been right? Labels, baselines and scores of past years, without seeing the future.

Pure. Begin with `labels.py`.
"""
