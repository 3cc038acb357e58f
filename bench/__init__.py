"""Measurements of our own stages against the obvious alternative."""
