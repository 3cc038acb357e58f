"""The current records, one table a kind, every column from the catalog."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Table
from sqlalchemy.types import TypeEngine

from catalog.records import Field, FieldType, Record, stored_records
from warehouse.tables.columns import metadata

TYPES: dict[FieldType, TypeEngine[Any]] = {
    "string": sa.Text(),
    "code": sa.Text(),
    "timestamp": sa.TIMESTAMP(timezone=True),
    "date": sa.Date(),
    "integer": sa.Integer(),
    "money": sa.BigInteger(),
    "boolean": sa.Boolean(),
    "hash": sa.BigInteger(),
}


def _column(name: str, field: Field, is_key: bool) -> Column[Any]:
    about = f"{field.name_vi}. {field.about}"
    nullable = not (field.required or is_key)
    return Column(name, TYPES[field.type], nullable=nullable, primary_key=is_key, comment=about)


def record_table(record: Record, metadata: sa.MetaData) -> Table:
    """The table of one record kind: one row per source and key, every column of the catalog."""
    key = ["source_id", *record.key]
    return Table(
        record.kind,
        metadata,
        *(_column(name, field, name in key) for name, field in record.columns.items()),
        schema="record",
        comment=f"{record.name_vi}. {record.about}",
    )


record_tables = {kind: record_table(record, metadata) for kind, record in stored_records().items()}
