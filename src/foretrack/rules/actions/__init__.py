"""What can be done with rules: assess a table of values row by row."""
