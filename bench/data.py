"""Synthetic dossiers by the million, made with DuckDB: a base, and nights of changes on top.

Dossier number `i` is received on a day that grows with `i`, evenly over a year. A night brings
new dossiers, later versions of recent ones, and a thin tail of updates over all history, one
Parquet file a source as conform and judge leave them. The same arguments give the same rows.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from catalog import codelists
from catalog.night import Night
from catalog.records import Record
from warehouse.lake.state import literal, state_columns

HISTORY_DAYS = 365
FIRST_NIGHT = dt.date(2026, 11, 16)
"""The base is received in the `HISTORY_DAYS` before this night; it lies mid-month."""
NEW_SHARE = 1 / 3
"""Share of a night's rows that are dossiers never seen before."""
TAIL_SHARE = 0.01
"""Share of a night's updates spread over all history."""
RECENT_DAYS = 30
"""The other updates fall on dossiers received in these last days."""
SOURCES = 46
START = FIRST_NIGHT - dt.timedelta(days=HISTORY_DAYS)


def night(number: int) -> Night:
    """The night of that number; 0 brought the base."""
    return Night(FIRST_NIGHT + dt.timedelta(days=number - 1))


def write_base(path: Path, record: Record, rows: int) -> None:
    """Write the first version of dossiers 0 to `rows` - 1, a year of them, to one file."""
    per_day = rows / HISTORY_DAYS
    numbers = f"SELECT range AS i, 0 AS v, {per_day} AS per_day FROM range({rows})"
    with _connect(path.parent) as connection:
        connection.execute(
            f"COPY ({_dossiers(record, numbers, 0)}) TO {literal(str(path))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )


def write_night(folder: Path, record: Record, rows: int, changes: int, number: int) -> None:
    """Write about `changes` rows of night `number` as ``folder/source_id=.../*.parquet``."""
    new = round(changes * NEW_SHARE)
    tail = round((changes - new) * TAIL_SHARE)
    recent = changes - new - tail
    first_new = rows + (number - 1) * new
    per_day = rows / HISTORY_DAYS
    window = round(per_day * RECENT_DAYS)
    numbers = f"""
        SELECT DISTINCT i::BIGINT AS i, {number} AS v, {per_day} AS per_day FROM (
            SELECT range + {first_new} AS i FROM range({new})
            UNION ALL
            SELECT {rows - window} + hash(range, {number}) % {window} FROM range({recent})
            UNION ALL
            SELECT hash(range, {number}, 'tail') % {rows} FROM range({tail})
        )"""
    with _connect(folder.parent) as connection:
        connection.execute(
            f"COPY ({_dossiers(record, numbers, number)}) TO {literal(str(folder))} (FORMAT "
            "parquet, COMPRESSION zstd, PARTITION_BY (source_id), WRITE_PARTITION_COLUMNS true)"
        )


def batches(folder: Path, record: Record, number: int) -> dict[str, Path]:
    """The batches that `write_night` wrote to `folder`, by batch id."""
    files = sorted(folder.glob("source_id=*/*.parquet"))
    sources = [file.parent.name.partition("=")[2] for file in files]
    return {
        night(number).batch_id(source, record.kind): file
        for source, file in zip(sources, files, strict=True)
    }


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"temp_directory": str(folder / "spill")})
    return connection.execute("SET TimeZone = 'UTC'")


def _one_of(name: str) -> str:
    """An SQL expression for a code of the list `name`, by the row's number."""
    codes = ", ".join(literal(code) for code in sorted(codelists.codes(name)))
    return f"[{codes}][(1 + hash(i, '{name}') % {len(codelists.codes(name))})::INT]"


def _chance(name: str, percent: int) -> str:
    return f"hash(i, '{name}') % 100 < {percent}"


def _dossiers(record: Record, numbers: str, number: int) -> str:
    """A query for conformed dossiers: version `v` of dossier `i` for every row of `numbers`."""
    expressions = _expressions(number)
    selected = ", ".join(
        f"({expressions.get(name, 'NULL')})::{kind} AS {name}"
        for name, kind in state_columns(record).items()
        if name != "month"
    )
    return f"""
        SELECT {selected} FROM (
            SELECT *, received + to_hours((24 + hash(i, v, 'done') % 480)::INT) AS finished,
                   hash(i) % {SOURCES} AS place, hash(i, v, 'status') % 4 > 0 AS is_finished
            FROM (
                SELECT *,
                    TIMESTAMPTZ '{START}' + to_seconds(floor(i / per_day * 86400)) AS received
                FROM ({numbers})
            )
        )"""


def _expressions(number: int) -> dict[str, str]:
    """Column -> SQL over i, v, place, received, finished, is_finished. Others are null."""
    on = night(number).on
    return {
        "dossier_code": "format('H{:02d}.{:02d}-{}-{:08d}', place, hash(i, 'unit') % 90 + 10, "
        "strftime(received, '%y%m%d'), i)",
        "agency_code": "format('H{:02d}.{:02d}', place, hash(i, 'unit') % 90 + 10)",
        "procedure_code": "format('1.{:06d}', hash(i, 'procedure') % 2000)",
        "procedure_code_raw": "format('1.{:06d}.000.00.00.H{:02d}', "
        "hash(i, 'procedure') % 2000, place)",
        "field_code": "format('G{:02d}-AB{:02d}', hash(i, 'procedure') % 20, "
        "hash(i, 'procedure') % 97)",
        "service_level": _one_of("service_level"),
        "channel": _one_of("channel"),
        "filed_on_portal": _chance("portal", 40),
        "applicant_type": _one_of("applicant_type"),
        "applicant_key": "md5(i::VARCHAR)",
        "is_placeholder_applicant": _chance("placeholder", 1),
        "submitted_at": "received - to_seconds((hash(i, 'submitted') % 172800)::INT)",
        "received_at": "received",
        "due_at": f"CASE WHEN {_chance('due', 97)} "
        "THEN received + to_days((3 + hash(i, 'due days') % 20)::INT) END",
        "finished_at": "CASE WHEN is_finished THEN finished END",
        "returned_at": f"CASE WHEN is_finished AND {_chance('returned', 70)} "
        "THEN finished + to_hours((hash(i, 'returned') % 96)::INT) END",
        "status": "CASE WHEN is_finished THEN 'finished' ELSE 'processing' END",
        "result_delivery": _one_of("result_delivery"),
        "payment": _one_of("payment"),
        "fee_amount": "hash(i, 'fee') % 40 * 5000",
        "has_digitised_component": _chance("digitised", 60),
        "is_vneid_verified": _chance("vneid", 50),
        "has_electronic_result": f"is_finished AND {_chance('electronic', 55)}",
        "supplement_count": "CASE hash(i, 'supplement') % 20 WHEN 0 THEN 1 ELSE 0 END",
        "received_on": "(received AT TIME ZONE 'Asia/Ho_Chi_Minh')::DATE",
        "finished_on": "CASE WHEN is_finished "
        "THEN (finished AT TIME ZONE 'Asia/Ho_Chi_Minh')::DATE END",
        "returned_on": f"CASE WHEN is_finished AND {_chance('returned', 70)} THEN ((finished "
        "+ to_hours((hash(i, 'returned') % 96)::INT)) AT TIME ZONE 'Asia/Ho_Chi_Minh')::DATE END",
        "source_id": "format('source_{:02d}', place)",
        "area_code": "format('H{:02d}', place)",
        "version_at": f"TIMESTAMPTZ '{on}' + to_seconds((hash(i, v, 'at') % 86400)::INT)",
        "batch_on": f"DATE '{on}'",
        "page_sha256": "sha256(format('{}.{}', v, i // 1000))",
        "page_row": "i % 1000 + 1",
        "is_deleted": "false",
        "key_hash": "hash(i)::HUGEINT - 9223372036854775808",
        "content_hash": "hash(i, v, 'content')::HUGEINT - 9223372036854775808",
    }
