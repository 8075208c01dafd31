"""Tests of the domain of scenarios."""
