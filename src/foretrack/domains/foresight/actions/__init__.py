"""What foresight does with a workspace: the only place here that touches disk, clock and network."""
