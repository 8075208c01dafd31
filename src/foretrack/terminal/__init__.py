"""What the commands of every domain share: options, tables, files for other programs, progress bars.

Never knows a domain and decides nothing. Begin with `session.py`; `options.py` declares a command.
"""
