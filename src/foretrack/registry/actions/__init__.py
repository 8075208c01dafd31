"""Everything that may be asked of the registry: each asks for permission, does one thing whole, and logs it."""
