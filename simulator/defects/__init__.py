"""Defects: one ``<kind>.yml`` here for each way in which sources send wrong rows.

A kind that ends ``rejected`` or ``quarantined`` is an extra dossier (or rating) that exists only
as such rows, so that it never touches the truth. The others befall real dossiers. The truth
follows what is sent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from catalog.declarations import Declaration, load_folder
from simulator.dossier import DONE, Dossier, Rating, Version


class Defect(Declaration):
    """One kind. `reason` is what must be found: ``<source column> <reject reason>``, or a check id.

    `rate` is per dossier born. `set` overwrites columns of the row; `again` sends it once more
    with these columns overwritten; `unicode` is the normal form of all its texts. A kind with
    none of the three is part of the dossier's life (see ``simulator.life``).
    """

    kind: str
    about: str
    ends: Literal["rejected", "quarantined", "duplicate", "merged"]
    reason: str = ""
    record: Literal["dossier", "rating"] = "dossier"
    rate: float = Field(gt=0, lt=0.5)
    set: dict[str, str] = Field(default={})
    again: dict[str, str] | None = None
    unicode: Literal["NFC", "NFD"] = "NFC"

    @property
    def is_extra(self) -> bool:
        """Whether its rows belong to no real dossier."""
        return self.ends in ("rejected", "quarantined")

    @property
    def copies(self) -> int:
        """How often each row is sent."""
        return 1 if self.again is None else 2

    @property
    def counted(self) -> int:
        """How many of the copies end as `ends` says: of two equal rows, one is the duplicate."""
        return 1 if self.ends == "duplicate" else self.copies

    def apply(self, row: dict[str, Any], copy: int) -> dict[str, Any]:
        """The row as sent the first time (`copy` 0) or the second."""
        spoiled = {**row, **self.set, **((self.again or {}) if copy else {})}
        if self.unicode == "NFC":
            return spoiled
        return {
            name: unicodedata.normalize(self.unicode, value) if isinstance(value, str) else value
            for name, value in spoiled.items()
        }


@cache
def defects() -> dict[str, Defect]:
    """All kinds by name."""
    return load_folder(Path(__file__).parent, Defect, "kind")


SEEN: dict[str, Callable[[Dossier, Version], bool]] = {
    "missing_due_date": lambda dossier, version: (
        version.received_at is not None and version.status not in ("withdrawn", "stopped")
    ),
    "submitted_file_as_result": lambda dossier, version: (
        version.status in DONE and dossier.has_electronic_result is not None
    ),
    "paused_as_finished": lambda dossier, version: (
        version.status == "finished" and version.finished_at == version.received_at
    ),
}
"""Kinds that are part of a life show in some versions only."""


def defect_of(record: str, subject: object, state: object) -> Defect | None:
    """The defect that the row of `state` shows; only dossiers and ratings have any."""
    if not isinstance(subject, Dossier) or not isinstance(state, Version | Rating):
        return None
    dossier = subject
    kind = defects().get(dossier.defect)
    if kind is None or kind.record != record:
        return None
    seen = SEEN.get(kind.kind)
    if seen is None or (isinstance(state, Version) and seen(dossier, state)):
        return kind
    return None


@cache
def extra_kinds() -> tuple[Defect, ...]:
    """The kinds that are rows of their own."""
    return tuple(d for d in defects().values() if d.is_extra)


@cache
def real_kinds() -> tuple[Defect, ...]:
    """The kinds that befall real dossiers."""
    return tuple(d for d in defects().values() if not d.is_extra)
