"""Steps from one version of the accounts' tables to the next."""
