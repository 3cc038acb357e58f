"""The replays that a night took: files for its merge like those of any batch, and a line each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.night import Night
from pipeline.batch import night_folder, write_table
from pipeline.stores import warehouse
from warehouse import replays
from warehouse.connections import transaction
from warehouse.lake import Counts

Row = dict[str, Any]
Places = set[tuple[str, int]]
"""Where rows stand: the hash of the landed page, and the position in it from 1."""
PLACE = pa.schema([pa.field("page_sha256", pa.string()), pa.field("page_row", pa.int32())])


def of_night(on: dt.date) -> list[Row]:
    """The lines of the replays of that night."""
    with transaction(warehouse().engine) as connection:
        return replays.read(connection, on)


def accepted_file(replay_id: str, on: dt.date) -> Path:
    """Where the accepted rows of a replay lie."""
    return night_folder(on) / replay_id / "accepted.parquet"


def accepted_files(on: dt.date, kind: str) -> dict[str, Path]:
    """Replay -> its accepted rows, of those of a record kind."""
    own = (row["batch_id"] for row in of_night(on) if row["record"] == kind)
    return {batch_id: accepted_file(batch_id, on) for batch_id in own}


def places_of(table: pa.Table) -> Places:
    """Where the rows of a table stand."""
    return set(zip(*(table[name].to_pylist() for name in PLACE.names), strict=True))


def keep_places(replay_id: str, on: dt.date, places: Places) -> None:
    """Keep which rows a replay is about, so that it can be run again."""
    rows = [dict(zip(PLACE.names, place, strict=True)) for place in sorted(places)]
    write_table(_places_file(replay_id, on), pa.Table.from_pylist(rows, PLACE))


def places(replay_id: str, on: dt.date) -> Places:
    """Which rows a replay of that night is about."""
    return places_of(pq.read_table(_places_file(replay_id, on), partitioning=None))


def _places_file(replay_id: str, on: dt.date) -> Path:
    return night_folder(on) / replay_id / "places.parquet"


def note_merged(counts: Mapping[str, Counts]) -> None:
    """Write what the merge made of each replay."""
    with transaction(warehouse().engine) as connection:
        replays.write_merged(connection, {i: c.as_dict() for i, c in counts.items()})


def mend(night: Night) -> None:
    """Close what was wrong with the very rows that replays of the night have accepted or, where
    they could not be, understood: of a record another row may still be wrong."""
    with transaction(warehouse().engine) as connection:
        for row in replays.read(connection, night.on):
            file = accepted_file(row["batch_id"], night.on)
            accepted = pq.read_table(file, columns=PLACE.names, partitioning=None)
            replays.close(connection, row, accepted)
