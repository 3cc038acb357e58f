"""Gaming: one ``<kind>.yml`` here for each way in which a source's figures say more than its work.

The truth follows what the source states. A nation plays none unless told which source plays what.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

from pydantic import Field

from catalog.declarations import Declaration, load_folder

LateAs = Literal["reception", "minutes", "due", "reopened", "moved"]


class Gaming(Declaration):
    """One kind. `on_time` replaces the share that is truly in time. `late_as` are the shares in
    which what is late is stated as something else (the rest as it is): finished at reception,
    within minutes of it, at the due time, at the due time and re-opened until it is done, or with
    the due date put off. `random_codes` gives sequences of five random digits. `states` are the
    facts that the system fills in by itself, whatever was so.
    """

    kind: str
    about: str
    on_time: float | None = Field(default=None, ge=0, le=1)
    late_as: dict[LateAs, float] = Field(default={})
    random_codes: bool = False
    states: dict[str, bool | str] = Field(default={})

    def disguise(self, rng: Random) -> LateAs | None:
        """What a late dossier is stated as; None: late."""
        draw = rng.random() if self.late_as else 1.0
        for way, share in self.late_as.items():
            draw -= share
            if draw < 0:
                return way
        return None

    def sequence(self, agency: int, day: dt.date, number: int) -> str:
        """The last part of the code of an agency's dossier `number` of a day: four digits in
        order, or five that look random and are never given twice."""
        if not self.random_codes:
            return f"{number:04d}"
        return str(10_000 + (number * 48_271 + agency * 7_919 + day.toordinal() * 613) % 90_000)


HONEST = Gaming(kind="", about="Says what was done.")


@cache
def gamings() -> dict[str, Gaming]:
    """All kinds by name."""
    return load_folder(Path(__file__).parent, Gaming, "kind")


def gaming(kind: str) -> Gaming:
    """The kind of that name; without a name the honest way. Raises KeyError."""
    return gamings()[kind] if kind else HONEST
