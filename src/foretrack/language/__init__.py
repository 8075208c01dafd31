"""Text to tokens, terms and vectors, in English and Chinese: what a word is, for every room above.

Pure: takes text, returns values. Begin with `tokens.py`; term lists kept as data are in `lists/`.
"""
