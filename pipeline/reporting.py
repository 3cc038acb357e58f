"""Who must report what, and how far it has come: the denominator of coverage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pyarrow as pa

from catalog.areas import areas_of
from catalog.night import Night
from catalog.outcomes import REPORTING_SCHEMA
from catalog.records import own_records
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
    for the periods that were left out. What the pipeline says about itself is complete tonight for
    every area that runs a source.
    """
    told = told_by(due_sources(night.on), connection, figures, night)
    return pa.Table.from_pylist([*told, *own_streams(night)], REPORTING_SCHEMA)


def told_by(
    due: Iterable[Source], connection: duckdb.DuckDBPyConnection, figures: str, night: Night
) -> Iterator[dict[str, Any]]:
    """Rows of REPORTING_SCHEMA for the sources `due`, each with its `source_id`."""
    stated = _stated(connection, figures)
    for source in due:
        sent = list(_records(source, night))
        where = {"starts_on": source.starts_on, "source_id": source.source_id}
        for area in areas_of(source):
            for row in (*sent, *_figures(source, area, stated, night)):
                yield {**row, **where, "area": area}


def own_streams(night: Night) -> Iterator[dict[str, Any]]:
    """The rows about what the pipeline says about itself; nobody's `source_id`."""
    since: dict[str, dt.date] = {}
    for source in due_sources(night.on):
        since[source.area] = min(source.starts_on, since.get(source.area, source.starts_on))
    for area, starts_on in since.items():
        for kind in own_records():
            yield {
                "source_id": "",
                "area": area,
                "stream": kind,
                "starts_on": starts_on,
                "complete_through": night.on,
            }


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
