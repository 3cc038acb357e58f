"""What a source lets us in with for a while: a token or a session."""

from __future__ import annotations

from collections.abc import Callable

from extractors.web import Unauthorised


class Ticket:
    """Got by `get` when it is first needed, and once more where it has run out."""

    def __init__(self, get: Callable[[], str]) -> None:
        self._get, self._held = get, ""

    def use(self, ask: Callable[[str], bytes]) -> bytes:
        """What `ask` answers to the ticket. A second Unauthorised in a row is raised."""
        self._held = self._held or self._get()
        try:
            return ask(self._held)
        except Unauthorised:
            self._held = self._get()
        return ask(self._held)
