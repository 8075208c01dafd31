"""Forms in which profiles go out and come in: those of partner networks, OAI-PMH, citations, mapped tables. Pure."""
