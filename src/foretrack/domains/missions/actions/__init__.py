"""What missions do: hear what moves, and tell rules of ranks."""
