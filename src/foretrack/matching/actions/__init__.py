"""What matching does with records and tables."""
