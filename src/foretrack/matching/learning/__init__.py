"""What feedback teaches, pure: labels in, proposed weights and an audit of what they would do to exposure out."""
