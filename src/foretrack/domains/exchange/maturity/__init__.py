"""How mature something is by a scale whose levels ask for evidence: what is proved, what is missing. Pure."""
