"""Mappings of public tables of offers and needs to our columns, one file each."""
