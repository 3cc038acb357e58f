"""The quarantined rows themselves, as they were conformed, for checks to judge again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from catalog.records import Record

_ROWS = sa.text("""
    SELECT batch_id, batch_on AS night, (array_agg(row ORDER BY check_id))[1] AS row,
        coalesce(
            array_agg(check_id ORDER BY check_id) FILTER (WHERE severity = 'error'), '{}'
        ) AS refused_by
    FROM ops.finding
    WHERE record = :record AND jsonb_typeof(row) = 'object' AND batch_on BETWEEN :since AND :through
      AND batch_id = concat_ws('.', source_id, record, batch_on)
    GROUP BY batch_id, batch_on, page_sha256, page_row
    ORDER BY batch_id, page_sha256, page_row
""")
_READ: dict[str, Callable[[Any], Any]] = {
    "timestamp": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
}


def quarantined(
    connection: sa.Connection, record: Record, since: dt.date, through: dt.date
) -> pa.Table:
    """The rows of a record kind quarantined when these nights brought them: the record's columns,
    `batch_id`, `night`, and `refused_by`, the ids of the checks that refused the row."""
    asked = {"record": record.kind, "since": since, "through": through}
    found = connection.execute(_ROWS, asked).mappings()
    beside = ("batch_id", "night", "refused_by")
    rows = [{**_typed(record, row["row"]), **{n: row[n] for n in beside}} for row in found]
    own = [(name, field.arrow) for name, field in record.columns.items()]
    said = (pa.string(), pa.date32(), pa.list_(pa.string()))
    told = list(zip(beside, said, strict=True))
    return pa.Table.from_pylist(rows, pa.schema([*own, *told]))


def _typed(record: Record, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON carried it, with its times read again; a column that came later is missing."""
    return {
        name: _READ.get(field.type, _as_is)(row[name]) if row.get(name) else row.get(name)
        for name, field in record.columns.items()
    }


def _as_is(value: Any) -> Any:
    return value
