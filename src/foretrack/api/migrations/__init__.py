"""How the tables of the API changed, step by step."""
