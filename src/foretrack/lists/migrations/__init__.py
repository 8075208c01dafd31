"""Steps from one version of the lists' tables to the next."""
