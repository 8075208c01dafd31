"""Foresight: which technologies are emerging, on which track, with the evidence and the doubt."""
