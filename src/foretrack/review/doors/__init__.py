"""Calls and reviews in a browser, for programs and at the terminal."""
