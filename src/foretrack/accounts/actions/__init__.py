"""Everything that may be asked about accounts: each asks for permission, does one thing whole, and logs it."""
