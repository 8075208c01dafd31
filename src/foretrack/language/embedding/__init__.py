"""Texts to vectors: one port, three adapters, centring per language and a cache."""
