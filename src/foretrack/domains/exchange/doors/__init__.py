"""Pages, routes and commands of the exchange."""
