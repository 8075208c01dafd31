"""Steps from one version of the tables of the watch to the next."""
