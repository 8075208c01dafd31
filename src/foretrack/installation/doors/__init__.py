"""What concerns a whole installation, at the terminal: the demo, backups, upgrades."""
