"""The page on which an official tries a file before sending it, the same for programs, and what
signed links lead to: the page of an area, and forms to answer for an incident.

An ASGI application that keeps nothing itself. It knows the judge as a function (`Desk`), and so
all that stands behind the links (`Reception`), for this package reads no files and no warehouse.
"""

from feedback.web.app import application
from feedback.web.desk import MOST_BYTES, MOST_ROWS, MOST_VALUES, READ_SECONDS, Desk
from feedback.web.reception import Reception

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "MOST_VALUES",
    "READ_SECONDS",
    "Desk",
    "Reception",
    "application",
]
