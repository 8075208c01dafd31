"""Who leads: shares of countries, regions and organisations, concentration and the risk of a monopoly.

Pure. Begin with `shares.py`.
"""
