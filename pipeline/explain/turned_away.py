"""What the sources of an area sent and no night took: rejects, and batches held or failed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from catalog.areas import areas_of
from catalog.codelists import name_of
from catalog.sources import Source, sources
from pipeline.explain.published import Published
from pipeline.stores import warehouse
from transforms.indicators import stream_of
from warehouse.connections import transaction
from warehouse.tables.ops import ledger, reject

Row = dict[str, Any]


def sources_of(published: Published, kinds: Sequence[str]) -> list[Source]:
    """The sources that send any of the record kinds (of figures: that figure) for these areas."""
    homes, streams = set(published.homes), set(published.asked.declared.streams)
    return [
        source
        for source in sources().values()
        if homes & set(areas_of(source)) and _sends(source, kinds, streams)
    ]


def _sends(source: Source, kinds: Sequence[str], streams: set[str]) -> bool:
    stated = {stream_of(figure) for figure in source.figures}
    return bool(stated & streams or set(source.records) & set(kinds) - {"reported_figure"})


def rejected(published: Published, told: Sequence[Source], kinds: Sequence[str]) -> list[Row]:
    """Rows that could not be understood, by source, column and reason, since the period began.

    A row that was not understood has no day and no area: it may belong to this period and area or
    not. `in_period` counts those of the nights within the period.
    """
    is_within = reject.c.batch_on <= published.last_night_within
    place = sa.func.concat(reject.c.batch_id, reject.c.page_sha256, reject.c.page_row)
    counts = (
        sa.func.count(place.distinct()).label("rows"),
        sa.func.count(place.distinct()).filter(is_within).label("in_period"),
    )
    by = (reject.c.source_id, reject.c.record, reject.c.field, reject.c.reason)
    query = sa.select(*by, *counts).where(*_of(reject, published, told, kinds)).group_by(*by)
    with transaction(warehouse().engine) as connection:
        found = [
            dict(r) for r in connection.execute(query.order_by(sa.desc("rows"), *by)).mappings()
        ]
    speaks_for = {source.source_id: len(areas_of(source)) for source in told}
    return [
        {
            **row,
            "reason_vi": name_of("reject_reason", row["reason"]),
            "areas_of_source": speaks_for[row["source_id"]],
        }
        for row in found
    ]


def not_merged(published: Published, told: Sequence[Source], kinds: Sequence[str]) -> list[Row]:
    """Batches held or failed since the period began, and the first later night that was merged:
    it was asked for what they lacked."""
    columns = (ledger.c.batch_id, ledger.c.source_id, ledger.c.record, ledger.c.batch_on)
    query = sa.select(*columns, ledger.c.stage, ledger.c.received, ledger.c.verdict)
    query = query.where(*_of(ledger, published, told, kinds)).order_by(*columns)
    is_bad = ledger.c.verdict.in_(("held", "failed"))
    with transaction(warehouse().engine) as connection:
        bad = [dict(r) for r in connection.execute(query.where(is_bad)).mappings()]
        merged = connection.execute(query.where(ledger.c.stage == "merge", ~is_bad)).mappings()
        nights = [(row["source_id"], row["record"], row["batch_on"]) for row in merged]
    return [
        {**row, "made_up_on": _next(nights, row["source_id"], row["record"], row["batch_on"])}
        for row in bad
    ]


def _next(
    nights: Sequence[tuple[str, str, dt.date]], source_id: str, record: str, after: dt.date
) -> dt.date | None:
    return min(
        (on for s, r, on in nights if (s, r) == (source_id, record) and on > after), default=None
    )


def _of(
    table: sa.Table, published: Published, told: Sequence[Source], kinds: Sequence[str]
) -> Iterator[sa.ColumnElement[bool]]:
    yield table.c.source_id.in_([source.source_id for source in told])
    yield table.c.record.in_(kinds)
    yield table.c.batch_on.between(published.asked.first, published.night.on)
