"""What the exchange does with records."""
