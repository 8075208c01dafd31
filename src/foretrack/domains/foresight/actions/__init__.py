"""What the lookout can be asked to do: one module per request, each from a workspace to an answer."""
