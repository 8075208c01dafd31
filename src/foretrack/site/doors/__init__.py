"""The site's own command: `foretrack serve`."""
