"""How history is made hard to rewrite and still able to forget: commitments, digests and the chain. Pure."""
