"""What the nights through one of them held, told in a few words that change when they do."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.night import Night
from warehouse.lake.opened import NightFacts, Opened
from warehouse.lake.rewrite import STALE


@dataclass(frozen=True)
class Known:
    """The nights of one record kind. `version` is the version of the log that last changed one of
    them, `fingerprints` are by night and batch."""

    version: int
    fingerprints: dict[dt.date, dict[str, str]]

    @classmethod
    def of(cls, opened: Opened, night: Night, version: int | None = None) -> Known:
        facts = {on: f for on, f in opened.merged(version).items() if on <= night.on}
        marks = (opened.log.mark(f"night:{on}") or 0 for on in facts)
        newest = max(marks, default=0) if version is None else version
        return cls(newest, {on: _prints(facts[on]) for on in facts})

    @property
    def digest(self) -> str:
        """Of all fingerprints: equal where all nights hold the same rows."""
        named = {str(on): prints for on, prints in self.fingerprints.items()}
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()

    def replaced(self, now: Known) -> Iterator[tuple[dt.date, str, str]]:
        """The batches that `now` differ: night, batch, and added, gone or changed. Of a batch that
        was only classified again the rows are the same."""
        for on in sorted({*self.fingerprints, *now.fingerprints}):
            before, after = self.fingerprints.get(on, {}), now.fingerprints.get(on, {})
            for batch in sorted({*before, *after}):
                found = {before.get(batch), after.get(batch)}
                if len(found) > 1 and STALE not in found:
                    how = "changed" if batch in before else "added"
                    yield on, batch, how if batch in after else "gone"


def _prints(facts: NightFacts) -> dict[str, str]:
    return {batch: str(found["fingerprint"]) for batch, found in facts.items()}
