"""Who must report what, and how far it has come: the denominator of coverage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from catalog.areas import areas_of
from catalog.night import Night
from catalog.outcomes import REPORTING_SCHEMA
from catalog.sources import Source
from pipeline.batch import due_sources
from pipeline.stores import warehouse
from transforms.indicators import stream_of

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
ONE_DAY = dt.timedelta(days=1)

Stated = dict[tuple[str, str, str], set[dt.date]]
"""(source, area, figure) -> the last days of the periods stated."""


def reporting(connection: duckdb.DuckDBPyConnection, figures: str, night: Night) -> pa.Table:
    """REPORTING_SCHEMA for the night; `figures` is the relation of the reported figures.

    A record kind is complete through the newest night merged; a source that delivers once, from
    its merge on. A figure is complete so far once the newest period that has ended is stated, but
    for the periods that were left out.
    """
    stated = _stated(connection, figures)
    rows = []
    for source in due_sources(night.on):
        sent = list(_records(source, night))
        for area in areas_of(source):
            where = {"area": area, "starts_on": source.starts_on}
            rows += [{**row, **where} for row in (*sent, *_figures(source, area, stated, night))]
    return pa.Table.from_pylist(rows, REPORTING_SCHEMA)


def _records(source: Source, night: Night) -> Iterator[dict[str, Any]]:
    for kind in source.records:
        if kind != "reported_figure":
            through = warehouse().complete_through(source.source_id, kind, night)
            if through and source.frequency == "once":
                through = night.on
            yield {"stream": kind, "complete_through": through}


def _figures(source: Source, area: str, stated: Stated, night: Night) -> Iterator[dict[str, Any]]:
    ended = list(ended_periods(source.frequency, source.starts_on, night.on))
    for figure in source.figures:
        known = stated.get((source.source_id, area, figure), set())
        newest = max(known, default=None)
        if newest and newest >= last_ended(source.frequency, night.on):
            newest = night.on
        silent = [
            {"starts_on": first, "ends_on": last} for first, last in ended if last not in known
        ]
        yield {"stream": stream_of(figure), "complete_through": newest, "silent": silent}


def last_ended(frequency: str, on: dt.date) -> dt.date:
    """The last day of the newest period that has ended by the end of the day `on`."""
    months = MONTHS.get(frequency)
    if months is None:
        return on
    after = on + ONE_DAY
    first = (after.month - 1) // months * months + 1
    return dt.date(after.year, first, 1) - ONE_DAY


def ended_periods(frequency: str, since: dt.date, on: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of every period that ended from `since` through `on`, newest first; none
    for a frequency without periods."""
    last = last_ended(frequency, on)
    while frequency in MONTHS and last >= since:
        before = last_ended(frequency, last - ONE_DAY)
        yield before + ONE_DAY, last
        last = before


def _stated(connection: duckdb.DuckDBPyConnection, figures: str) -> Stated:
    rows = connection.sql(f"""
        SELECT source_id, area_code, figure_code, list(DISTINCT ends_on) FROM {figures} AS figure
        WHERE is_deleted IS NOT TRUE GROUP BY ALL""").fetchall()
    return {(source, area, figure): set(ends_on) for source, area, figure, ends_on in rows}
