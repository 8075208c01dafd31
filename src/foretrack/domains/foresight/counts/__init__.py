"""Counting over documents in the portable subset of Ibis: the same on one machine and on a Spark cluster.

Functions from Ibis tables to Ibis tables. No disk, no connection: whoever calls brings tables of one engine.
"""
