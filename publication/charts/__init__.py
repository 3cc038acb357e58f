"""Charts as inline SVG: plain strings that need no script and read well in print."""
