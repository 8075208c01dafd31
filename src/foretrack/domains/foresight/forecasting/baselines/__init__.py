"""What the model must beat: one module per simple or published method, each a `Forecaster`.

Pure. `catalogue.py` lists them; `learning.py` holds what they share: calibration and error bands from matured origins.
"""
