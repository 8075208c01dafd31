"""How one looks at the queue and runs its worker: commands."""
