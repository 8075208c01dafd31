"""Steps from one version of the tables of the queue to the next."""
