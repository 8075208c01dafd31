"""Steps from one version of the review's tables to the next."""
