"""The shared vocabulary: records, code lists, sources, areas, errors, settings.

Everything here is declaration or a pure look-up; it imports nothing else of the
project, and every other package may import it.
"""
