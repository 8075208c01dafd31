"""The leak audit: did anything of a backtest know what came later? Runs in every backtest, beside the scores.

Pure. Begin with `auditing.py`.
"""
