"""Back to the bytes: the pages of the deliveries behind a figure, and whether they still verify."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

import duckdb

from catalog.errors import LakeError
from catalog.night import Night
from catalog.settings import settings
from pipeline.explain.published import Published
from pipeline.stores import landing
from transforms.indicators.behind import part_name

Row = dict[str, Any]
MOST_BYTES = 200_000_000
"""So much is read back at most, newest deliveries first, unless all of it is wanted."""
OWN = """SELECT source_id, batch_on, page_sha256, count(DISTINCT key_hash) FROM behind
    WHERE part = ? AND batch_on IS NOT NULL GROUP BY ALL"""
MERGED = "SELECT count(*) FROM behind WHERE part = ? AND batch_on IS NULL"
ALL_OF = """SELECT source_id, batch_on, page_sha256, count(DISTINCT key_hash) FROM {} AS state
    WHERE source_id IN (SELECT source_id FROM behind WHERE part = ?)
    AND area_code IN (SELECT area FROM behind WHERE part = ?) GROUP BY ALL"""
STATES = ("verified", "forgotten", "missing", "damaged", "not_checked")


Pages = dict[tuple[str, str], int]
"""(batch, SHA-256) -> how many records of the figure stand on that page."""


def evidence(behind: Pages, is_exact: bool, published: Published, all_pages: bool) -> Row:
    """Every page of the batches `behind` a figure, and whether the landing still holds its bytes.

    A page is ``verified`` (read, decrypted, hashed), ``forgotten`` after the days that pages are
    kept, ``missing``, ``damaged``, or ``not_checked`` because enough was read.
    """
    reader = _Reader(published.night.on, None if all_pages else MOST_BYTES)
    batches = sorted({batch_id for batch_id, _ in behind}, key=_newest_first)
    told = [_batch(batch_id, behind, reader) for batch_id in batches]
    listed = {(batch["batch_id"], page["sha256"]) for batch in told for page in batch["pages"]}
    return {
        "is_exact": is_exact,
        "batches": told,
        "pages": {state: reader.found[state] for state in STATES},
        "records_without_page": sum(n for page, n in behind.items() if page not in listed),
    }


def pages_behind(
    connection: duckdb.DuckDBPyConnection, published: Published, living: Mapping[str, str]
) -> tuple[Pages, bool]:
    """The pages of what is ``behind``, and whether they are exactly known: where a view makes one
    row of several records, they are those of all records of the same sources and areas."""
    asked = published.asked
    found: Pages = {}
    for part in asked.declared.parts:
        name = part_name(asked.declared, part)
        rows = connection.execute(OWN, [name]).fetchall()
        if connection.execute(MERGED, [name]).fetchall() != [(0,)]:
            rows += connection.execute(ALL_OF.format(living[part.record]), [name, name]).fetchall()
        for source_id, batch_on, sha256, count in rows:
            page = (Night(batch_on).batch_id(source_id, part.record), sha256)
            found[page] = max(count, found.get(page, 0))
    is_exact = connection.sql("SELECT count(*) FROM behind WHERE batch_on IS NULL").fetchall()
    return found, is_exact == [(0,)]


def _newest_first(batch_id: str) -> tuple[int, str]:
    return -dt.date.fromisoformat(batch_id.rsplit(".", 1)[1]).toordinal(), batch_id


class _Reader:
    """Reads pages back until it has read enough, and counts how that went."""

    def __init__(self, on: dt.date, most: int | None) -> None:
        self._kept_since = on - dt.timedelta(days=settings().landing_retention_days)
        self._left = most
        self.found: Counter[str] = Counter()

    def state(self, sha256: str, size: int, batch_on: dt.date) -> str:
        state = self._read(sha256, size, batch_on)
        self.found[state] += 1
        return state

    def _read(self, sha256: str, size: int, batch_on: dt.date) -> str:
        if self._left is not None:
            if self._left < size:
                return "not_checked"
            self._left -= size
        try:
            landing().read(sha256)
        except LakeError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                return "damaged"
            return "forgotten" if batch_on < self._kept_since else "missing"
        return "verified"


def _batch(batch_id: str, behind: Pages, reader: _Reader) -> Row:
    manifest = landing().manifest(batch_id)
    if manifest is None:
        return {"batch_id": batch_id, "received_at": None, "rows": None, "pages": []}
    on = dt.date.fromisoformat(manifest["batch_on"])
    return {
        "batch_id": batch_id,
        "received_at": manifest["collected_at"],
        "rows": manifest["rows"],
        "pages": [
            {
                **{name: page[name] for name in ("number", "sha256", "bytes", "rows", "request")},
                "records_counted": behind.get((batch_id, page["sha256"]), 0),
                "state": reader.state(page["sha256"], page["bytes"], on),
            }
            for page in manifest["pages"]
        ],
    }
