"""The doors of packs and rules: the command `pack`. They decide nothing."""
