"""How one speaks to the watch: commands."""
