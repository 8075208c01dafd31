"""Reviews in a browser and for programs."""
