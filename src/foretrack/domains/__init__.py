"""One folder per subject of the policy; a domain never imports another."""
