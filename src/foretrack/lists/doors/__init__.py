"""Lists at the terminal: commands, and the sentences that they speak."""
