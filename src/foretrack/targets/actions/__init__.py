"""Everything that may be asked about targets: the count and what is behind it, indicators, ratings."""
