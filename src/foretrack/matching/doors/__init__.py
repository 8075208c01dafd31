"""Commands and pages of matching."""
