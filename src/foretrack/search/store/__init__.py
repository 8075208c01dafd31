"""The inverted index in the way of each database: SQLite's FTS5 and PostgreSQL's GIN over the same words.

A store says where a word stands and nothing else, so both answer alike; scoring is in `scoring.py`.
"""
