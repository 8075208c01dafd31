"""What concerns a whole installation, at the terminal: the demo, backups, upgrades, and what it tells the doctor."""
