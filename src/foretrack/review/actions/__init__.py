"""What people do in a review. Each action asks for permission, writes inside one transaction and leaves an entry in
the log."""
