"""What one can do with cases and opportunities beside the actions of every record."""
