"""Changes of the tables of search, in order."""
