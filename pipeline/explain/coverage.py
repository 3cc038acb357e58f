"""Whether everybody who must report had reported: the streams behind a figure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from catalog.sources import Source
from pipeline.explain.published import Published, area_name
from pipeline.reporting import own_streams, told_by

Row = dict[str, Any]


def coverage(
    connection: duckdb.DuckDBPyConnection,
    published: Published,
    told: Iterable[Source],
    figures: str,
) -> list[Row]:
    """Each stream that an area of the figure must report: since when, complete through which day,
    and the periods within this one of which nothing was ever said.

    `told` are the sources that speak of these areas, `figures` is the relation of the reported
    figures.
    """
    night = published.night
    due = [source for source in told if source.is_due(night.on)]
    streams, homes = set(published.asked.declared.streams), set(published.homes)
    end = published.last_night_within
    return [
        {
            "area": row["area"],
            "name_vi": area_name(row["area"]),
            "stream": row["stream"],
            "source_id": row["source_id"],
            "must_report_since": row["starts_on"],
            "complete_through": row["complete_through"],
            "reaches_the_end": bool(row["complete_through"] and row["complete_through"] >= end),
            "silent": [gap for gap in row.get("silent") or () if _touches(gap, published)],
        }
        for row in (*told_by(due, connection, figures, night), *own_streams(night))
        if row["area"] in homes and row["stream"] in streams
    ]


def _touches(gap: Row, published: Published) -> bool:
    """Whether a silent period overlaps the figure's."""
    until = published.last_night_within
    return bool(gap["starts_on"] <= until and gap["ends_on"] >= published.asked.first)
