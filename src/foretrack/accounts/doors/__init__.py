"""Accounts at the terminal and in a browser: commands, forms, and the sentences that they speak."""
