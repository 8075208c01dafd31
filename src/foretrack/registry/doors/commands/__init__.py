"""The registry's commands. Each is thin: options in, one action called, its answer rendered."""
