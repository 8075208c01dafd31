"""Enterprises: ladders, figures, applications. Firms are invented."""
