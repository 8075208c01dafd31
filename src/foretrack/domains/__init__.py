"""One folder per subject of the policy, each with its shapes, thinking, actions and doors; none imports another."""
