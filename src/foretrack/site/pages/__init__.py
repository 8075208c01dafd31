"""The pages: each asks an action and shows its answer, by one typed context and one template."""
