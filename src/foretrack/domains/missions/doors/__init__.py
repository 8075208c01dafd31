"""Where people meet missions beside the pages that every kind has."""
