"""Published lists: numbered issues of a series, frozen, hashed, compared with the one before, rendered as files.

Begin with `issue.py`. `rendering/` turns one issue into files and asks nobody; `fonts.py` looks for fonts on the disk.
"""
