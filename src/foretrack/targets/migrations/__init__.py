"""Steps from one version of the targets' tables to the next."""
