"""Reviews in a browser, for programs and at the terminal."""
