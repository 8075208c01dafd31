"""What will become of concepts and technologies: probabilities and quantiles, learnt from matured origins only.

Pure. Begin with `forecast.py`.
"""
