"""Rows in the source's words become records in ours, or rejects with a reason.

This is the edge that personal data does not cross: only mapped columns go on. Every column that
arrives is mapped, declared ignored or personal, or reported as unmapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from catalog.areas import reportable
from catalog.errors import DeclarationError, SchemaDrift
from catalog.night import LOCAL_ZONE, Night
from catalog.outcomes import REJECT_SCHEMA
from catalog.records import ARROW, Field, Record
from catalog.sources import Source
from transforms.converters import Context, converter
from transforms.dialects import Mapping, dialect_of
from transforms.parsing import Refusal
from transforms.reading import Column, Reader

VERSION_AT = Field(type="timestamp", required=True, name_vi="", about="")


@dataclass(frozen=True)
class Conformed:
    """One batch in our words. received = rows of `table` + rejected + duplicate.

    `unmapped` names columns that arrived and that the dialect does not know.
    """

    table: pa.Table
    rejects: pa.Table
    received: int
    rejected: int
    duplicate: int
    unmapped: tuple[str, ...]


def conform(
    source: Source,
    record: Record,
    night: Night,
    pages: Iterable[tuple[str, Iterable[Any]]],
    key: bytes,
) -> Conformed:
    """Bring one batch into our words.

    `pages` are (sha256, rows) as landed; `key` is the secret of the keyed HMAC.
    Raises SchemaDrift when a column that the dialect maps is absent from every row.
    """
    reader = _reader(source, record, night, key)
    tables = list(_tables(reader, source, night, pages))
    drifted = sorted(reader.spoken.expected_columns - reader.seen)
    if reader.received and drifted:
        raise SchemaDrift(source.source_id, f"{record.kind}: no column {', '.join(drifted)}")
    whole = pa.concat_tables([_empty(reader), *tables])
    table = finish(whole, record)
    return Conformed(
        table=table,
        rejects=pa.Table.from_pylist(reader.rejects, REJECT_SCHEMA),
        received=reader.received,
        rejected=reader.rejected,
        duplicate=whole.num_rows - table.num_rows,
        unmapped=tuple(sorted(reader.seen - reader.spoken.known_columns)),
    )


def _reader(source: Source, record: Record, night: Night, key: bytes) -> Reader:
    dialect = dialect_of(source)
    spoken = dialect.records.get(record.kind)
    if spoken is None:
        raise DeclarationError(f"{source.source_id}.yml", f"no dialect for {record.kind}")
    zone = ZoneInfo(dialect.zone)

    def entry(rule: Mapping, target: Field) -> Column:
        made = converter(Context(rule, target, zone, key))
        otherwise = entry(rule.otherwise, target) if rule.otherwise else None
        return Column(rule.columns, made, target.required, otherwise)

    columns = {n: entry(rule, record.fields[n]) for n, rule in spoken.fields.items()}
    columns["version_at"] = entry(spoken.version_at, VERSION_AT)
    if spoken.area and (source.reports_for or not source.area.startswith("X-")):
        stated = entry(spoken.area, record.columns["area_code"])
        columns["area_code"] = _own(stated, reportable(source, night.on))
    return Reader(record, spoken, columns)


def _own(column: Column, areas: frozenset[str]) -> Column:
    """The column with every area refused that is not the source's to report: whoever handles a
    dossier reports it, so that a vertical agency's counts for its ministry and nowhere else."""

    def convert(value: Any, row: Any) -> Any:
        area = column.convert(value, row)
        if area is not None and area not in areas:
            raise Refusal("foreign_area")
        return area

    otherwise = _own(column.otherwise, areas) if column.otherwise else None
    return Column(column.source_columns, convert, column.is_required, otherwise)


def _types(reader: Reader) -> dict[str, pa.DataType]:
    columns = {**reader.record.columns, "version_at": VERSION_AT}
    return {name: columns[name].arrow for name in [*reader.columns, "page_row"]}


LINEAGE = {
    "source_id": "string",
    "area_code": "string",
    "batch_on": "date",
    "page_sha256": "string",
}


def _empty(reader: Reader) -> pa.Table:
    lineage = {n: ARROW[kind] for n, kind in LINEAGE.items() if n not in reader.columns}
    return pa.schema(list({**_types(reader), **lineage}.items())).empty_table()


def _tables(
    reader: Reader, source: Source, night: Night, pages: Iterable[tuple[str, Iterable[Any]]]
) -> Iterator[pa.Table]:
    schema = pa.schema(list(_types(reader).items()))
    for sha256, rows in pages:
        table = pa.table(reader.page(sha256, rows), schema=schema)
        constants = (source.source_id, source.area, night.on, sha256)
        for (name, kind), value in zip(LINEAGE.items(), constants, strict=True):
            if name in reader.columns:
                continue
            column = pa.repeat(pa.scalar(value, ARROW[kind]), table.num_rows)
            table = table.append_column(name, column)
        yield table


def _local_dates(table: pa.Table, record: Record) -> pa.Table:
    for name, target in record.fields.items():
        if target.local_date_of and target.local_date_of in table.column_names:
            instants = table[target.local_date_of].cast(pa.timestamp("us", str(LOCAL_ZONE)))
            table = table.append_column(name, pc.local_timestamp(instants).cast(pa.date32()))
    return table


def finish(table: pa.Table, record: Record) -> pa.Table:
    """Derive dates and hashes, keep the newest of exact repeats, and give the record's schema."""
    table = _local_dates(table, record)
    living = pa.repeat(pa.scalar(False), table.num_rows)
    table = table.append_column("is_deleted", living)
    for name, target in record.columns.items():
        if name not in table.column_names and target.type != "hash":
            table = table.append_column(name, pa.nulls(table.num_rows, target.arrow))
    query = f"""
        SELECT {", ".join(record.columns)} FROM (
            SELECT *, {_hash(["source_id", *record.key], record)} AS key_hash,
                   {_hash(list(record.sent_fields), record)} AS content_hash
            FROM batch)
        QUALIFY row_number() OVER (PARTITION BY key_hash, content_hash
                                   ORDER BY version_at DESC, page_sha256, page_row) = 1
        ORDER BY key_hash, version_at, content_hash"""
    with _engine().cursor() as connection:
        connection.register("batch", table)
        return connection.sql(query).to_arrow_table().cast(record.arrow_schema)


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One DuckDB in memory for the process: opening one costs more than a small batch."""
    return duckdb.connect()


def _hash(columns: list[str], record: Record) -> str:
    """63 bits of the MD5 of the columns' text, nulls told apart from empty text."""
    types = {name: field.type for name, field in record.columns.items()}
    cells = [f"epoch_us({c})" if types[c] == "timestamp" else c for c in columns]
    texts = ", ".join(f"coalesce(CAST({cell} AS VARCHAR), chr(30))" for cell in cells)
    return f"CAST(md5_number_lower(concat_ws(chr(31), {texts})) >> 1 AS BIGINT)"
