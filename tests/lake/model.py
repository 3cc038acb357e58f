"""Versions as short tuples, the files that hold them, and what the lake must make of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.night import Night
from catalog.records import records
from warehouse.lake import Lake

DOSSIER = records()["dossier"]
START = dt.date(2026, 11, 1)


@dataclass(frozen=True)
class Version:
    """One version of a dossier: `at` in hours, `due` and `received` in days or months of 2026."""

    key: int
    at: int
    content: int
    due: int | None = None
    received: int = 1

    @property
    def source(self) -> str:
        return ("ha_noi", "hue")[self.key % 2]


Nights = Mapping[int, Iterable[Version]]


def night(number: int) -> Night:
    return Night(START + dt.timedelta(days=number))


def write_batches(
    folder: Path, number: int, versions: Iterable[Version], sources: Iterable[str] = ()
) -> dict[str, Path]:
    """One file for each source of `versions`, and an empty one for each other of `sources`."""
    rows = list(versions)
    folder.mkdir(exist_ok=True)
    batches = {}
    for source in sorted({version.source for version in rows} | set(sources)):
        batch_id = night(number).batch_id(source, "dossier")
        chosen = [_row(version, number) for version in rows if version.source == source]
        batches[batch_id] = folder / f"{batch_id}.{len(list(folder.iterdir()))}.parquet"
        pq.write_table(pa.Table.from_pylist(chosen, schema=DOSSIER.arrow_schema), batches[batch_id])
    return batches


def _row(version: Version, number: int) -> dict[str, Any]:
    return {
        "dossier_code": f"code-{version.key}",
        "agency_code": f"content-{version.content}",
        "status": "processing",
        "due_at": _due(version),
        "received_on": dt.date(2026, version.received, 1),
        "source_id": version.source,
        "area_code": "H26",
        "version_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=version.at),
        "batch_on": night(number).on,
        "page_sha256": "page",
        "page_row": 1,
        "is_deleted": False,
        "key_hash": version.key,
        "content_hash": version.content,
    }


def _due(version: Version) -> dt.datetime | None:
    return None if version.due is None else dt.datetime(2026, 12, version.due, tzinfo=dt.UTC)


State = dict[int, tuple[int, str, dt.datetime | None, dt.date]]
"""Key -> content, month, first due time, night."""


class Model:
    """The lake's rules, row by row in plain Python."""

    def __init__(self, nights: Nights) -> None:
        self.counts: dict[int, Counter[str]] = {}
        self._held: dict[int, Version] = {}
        self.current: State = {}
        for number in sorted(nights):
            self.counts[number] = Counter()
            self._merge(number, list(nights[number]))

    def _merge(self, number: int, versions: list[Version]) -> None:
        held, current = dict(self._held), dict(self.current)
        for key in {version.key for version in versions}:
            ranked = sorted((v for v in versions if v.key == key), key=lambda v: (v.at, v.content))
            for version in ranked:
                change = self._change(held.get(key), version, version is ranked[-1])
                self.counts[number][change] += 1
                if change in ("inserted", "updated"):
                    self._held[key] = version
                    dues = [current[key][2]] if key in current else []
                    dues += [_due(v) for v in ranked]
                    month = current[key][1] if key in current else f"2026-{ranked[0].received:02}"
                    first = next((due for due in dues if due), None)
                    self.current[key] = (version.content, month, first, night(number).on)

    @staticmethod
    def _change(held: Version | None, version: Version, is_newest: bool) -> str:
        if held and held.content == version.content:
            return "unchanged"
        if not is_newest:
            return "superseded"
        if held is None:
            return "inserted"
        return "updated" if version.at >= held.at else "superseded"


def current(lake: Lake) -> State:
    """The lake's current state in the model's shape."""
    return state_of(lake.current(DOSSIER))


def state_of(relation: str) -> State:
    """A table expression's rows in the model's shape; fails where a key stands twice."""
    rows = _rows(f"SELECT key_hash, content_hash, month, first_due_at, batch_on FROM {relation}")
    found = {row[0]: row[1:] for row in rows}
    assert len(found) == len(rows)
    return found


def logged(lake: Lake) -> list[tuple[Any, ...]]:
    """What the log holds: night, key, version, content, change, batch, carried values."""
    return _rows(f"""
        SELECT night, key_hash, version_at, content_hash, change, batch_id, month, first_due_at
        FROM {lake.versions(DOSSIER)} ORDER BY ALL""")


def _rows(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute("SET TimeZone = 'UTC'").execute(query).fetchall()
