"""Everything that may be asked about lists: declaring a series, freezing an issue, reading and rendering issues."""
