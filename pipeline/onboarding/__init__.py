"""Bringing in a source that nobody has seen before, and watching who else should be there."""
