"""Everything that may be asked of the watch: rules, what they find, alerts and channels."""
