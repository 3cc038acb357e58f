"""A few sources of the simulated nation, brought into a real lake night by night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.night import Night
from catalog.records import records, stored_records
from catalog.sources import sources
from simulator import Nation
from transforms.conform import conform
from transforms.detectors import detect
from warehouse.lake import Lake

ON = dt.date(2026, 11, 22)
OPENS = dt.date(2026, 8, 25)
KINDS = ("dossier", "dossier_event", "rating")
ONE_DAY = dt.timedelta(days=1)
KEY = b"a key of the tests alone"


def merged(nation: Nation, ids: Iterable[str], nights: Iterable[dt.date], folder: Path) -> Lake:
    """The lake after these nights; each brings what changed since the one before."""
    lake, ids, since = Lake(folder / "lake", "500MB"), list(ids), nation.opens_on
    for on in nights:
        for kind in KINDS:
            senders = [source_id for source_id in ids if kind in sources()[source_id].records]
            batches = {
                Night(on).batch_id(s, kind): write(nation, s, kind, since, on, folder)
                for s in senders
            }
            lake.merge(records()[kind], Night(on), batches)
        since = on + ONE_DAY
    return lake


def write(
    nation: Nation, source_id: str, kind: str, since: dt.date, on: dt.date, folder: Path
) -> Path:
    """What the source says of the days `since` through `on`, conformed, as a batch's file. Rows
    that a check would turn away are left out: no real dossier, or not received yet."""
    source = sources()[source_id]
    if kind in KINDS:
        spoken = {"platform": "lgsp_json", "dialect": "lgsp_json", "mapping": {}}
        source = source.model_copy(update=spoken)
    first, until = (dt.datetime.combine(day, dt.time()) for day in (since, on + ONE_DAY))
    items = nation.window(source_id, kind, first, until)
    rows = [i.row() for i in items if getattr(i.subject, "is_real", True) and i.copy == 0]
    found = conform(source, records()[kind], Night(on), [("0" * 64, rows)], KEY)
    path = folder / f"{source_id}.{kind}.{on}.parquet"
    pq.write_table(found.table.filter(pc.field(records()[kind].month_of).is_valid()), path)
    return path


def relations(lake: Lake) -> dict[str, str]:
    """What the pipeline gives to the detectors."""
    states = {kind: lake.current(stored_records()[kind]) for kind in KINDS}
    return {**states, "dossier_version": lake.versions(records()["dossier"])}


def found(lake: Lake, on: dt.date = ON) -> dict[str, set[str]]:
    """Source -> the detectors that found something there."""
    with duckdb.connect() as connection:
        seen: pa.Table = detect(connection, relations(lake), Night(on))
    names: dict[str, set[str]] = {row["source_id"]: set() for row in seen.to_pylist()}
    for row in seen.to_pylist():
        names[row["source_id"]] |= {row["detector"]} if row["is_found"] else set()
    return names
