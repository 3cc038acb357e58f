"""The page on which an official tries a file before sending it, and the same for programs.

An ASGI application that keeps nothing: a file comes, is judged, and the answer goes back. It knows
the judge as a function (`Desk`), for this package does not read files itself.
"""

from feedback.web.app import application
from feedback.web.desk import MOST_BYTES, MOST_ROWS, MOST_VALUES, READ_SECONDS, Desk

__all__ = ["MOST_BYTES", "MOST_ROWS", "MOST_VALUES", "READ_SECONDS", "Desk", "application"]
