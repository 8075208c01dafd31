"""Ranking and explaining, pure: profiles and vectors in, matches with reasons out."""
