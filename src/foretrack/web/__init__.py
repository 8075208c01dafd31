"""What every page has, whichever room it is of: rendering, addresses, errors, charts, the data behind a page, panels.

A domain's pages stand on this; the site puts them together. Begin with `rendering.py`.
"""
