"""Synthetic dossiers by the million, made with DuckDB: a base, and nights of changes on top.

Dossier number `i` is received on a day that grows with `i`, evenly over a year. A night brings
new dossiers, later versions of recent ones, and a thin tail of updates over all history, one
Parquet file a source as conform and judge leave them. The same arguments give the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb

from catalog import codelists
from catalog.night import Night
from catalog.records import Record
from catalog.sources import sources
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
OPEN_SHARE = 1 / 8
"""Share of the dossiers that are not finished."""
PROCEDURES = 2000
CERTIFIED_PERCENT = 30
"""Of a hundred dossiers, how many are certifications: many, and done the same day."""
PORTAL_PERCENT = 40
"""Of a hundred dossiers, how many are filed on the national portal."""
START = FIRST_NIGHT - dt.timedelta(days=HISTORY_DAYS)


def night(number: int) -> Night:
    """The night of that number; 0 brought the base."""
    return Night(FIRST_NIGHT + dt.timedelta(days=number - 1))


def write_base(path: Path, record: Record, rows: int) -> None:
    """Write the first version of dossiers 0 to `rows` - 1, a year of them, to one file."""
    with connect(path.parent) as connection:
        connection.execute(
            f"COPY ({dossiers(record, base_numbers(rows), 0)}) TO {literal(str(path))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )


def base_numbers(rows: int) -> str:
    """A query for the first versions of dossiers 0 to `rows` - 1."""
    return f"SELECT range AS i, 0 AS v, {rows / HISTORY_DAYS} AS per_day FROM range({rows})"


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
    with connect(folder.parent) as connection:
        connection.execute(
            f"COPY ({dossiers(record, numbers, number)}) TO {literal(str(folder))} (FORMAT "
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


def places() -> list[tuple[str, str]]:
    """Source and area of those who send dossiers; dossier `i` is of one of them."""
    return [(s.source_id, s.area) for s in sources().values() if "dossier" in s.records]


def listed(values: Iterable[str], index: str) -> str:
    """An SQL expression for one of `values`, by an SQL index from 0."""
    return f"[{', '.join(map(literal, values))}][1 + ({index})::INT]"


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"temp_directory": str(folder / "spill")})
    return connection.execute("SET TimeZone = 'UTC'")


def one_of(name: str) -> str:
    """An SQL expression for a code of the list `name`, by the row's number."""
    codes = sorted(codelists.codes(name))
    return listed(codes, f"hash(i, '{name}') % {len(codes)}")


def chance(name: str, percent: int) -> str:
    return f"hash(i, '{name}') % 100 < {percent}"


def procedure_of(number: str) -> str:
    """The national code of a procedure by its number: certifications first."""
    codes = sorted(codelists.codes("certification"))
    others = f"format('1.{{:06d}}', {number})"
    return f"CASE WHEN {number} < {len(codes)} THEN {listed(codes, number)} ELSE {others} END"


def facts(numbers: str) -> str:
    """A query for what is known of dossier `i`, version `v`, for every row of `numbers`."""
    certifications = len(codelists.codes("certification"))
    return f"""
        SELECT *, received + to_hours(CASE WHEN number < {certifications} THEN 1
                ELSE (24 + hash(i, v, 'done') % 480)::INT END) AS finished,
            CASE WHEN {chance("due", 97)}
                THEN received + to_days((3 + hash(i, 'due days') % 20)::INT) END AS due,
            {listed((area for _, area in places()), "place")} AS area,
            format('{{}}.{{:02d}}', area, hash(i, 'unit') % 90 + 10) AS agency,
            format('{{}}-{{}}-{{:08d}}', agency, strftime(received, '%y%m%d'), i) AS code,
            hash(i, v, 'status') % 1000 >= {1000 * OPEN_SHARE} AS is_finished,
            is_finished AND {chance("returned", 70)} AS is_returned,
            {chance("portal", PORTAL_PERCENT)} AS filed_on_portal,
            CASE WHEN {chance("waited", 5)}
                THEN received + to_minutes((hash(i, 'asked') % 4320)::INT) END AS asked,
            CASE WHEN {chance("answered", 80)}
                THEN asked + to_minutes((60 + hash(i, 'answered') % 7200)::INT) END AS answered
        FROM (
            SELECT *, hash(i) % {len(places())} AS place,
                TIMESTAMPTZ '{START}' + to_seconds(floor(i / per_day * 86400)) AS received,
                CASE WHEN {chance("certified", CERTIFIED_PERCENT)}
                    THEN hash(i, 'procedure') % {certifications}
                    ELSE hash(i, 'procedure') % {PROCEDURES} END AS number
            FROM ({numbers}))"""


def selected(record: Record, expressions: dict[str, str], query: str) -> str:
    """The query's rows as stored records; what has no expression is null."""
    columns = ", ".join(
        f"({expressions.get(name, 'NULL')})::{kind} AS {name}"
        for name, kind in state_columns(record).items()
        if name != "month"
    )
    return f"SELECT {columns} FROM ({query})"


def lineage(number: int) -> dict[str, str]:
    """Column -> SQL over i and v, of what the pipeline adds to a record of night `number`."""
    on = night(number).on
    return {
        "version_at": f"TIMESTAMPTZ '{on}' + to_seconds((hash(i, v, 'at') % 86400)::INT)",
        "batch_on": f"DATE '{on}'",
        "page_sha256": "sha256(format('{}.{}', v, i // 1000))",
        "page_row": "i % 1000 + 1",
        "is_deleted": "false",
        "key_hash": "hash(i)::HUGEINT - 9223372036854775808",
        "content_hash": "hash(i, v, 'content')::HUGEINT - 9223372036854775808",
    }


def day_of(instant: str) -> str:
    """The local day of an SQL instant."""
    return f"(({instant}) AT TIME ZONE 'Asia/Ho_Chi_Minh')::DATE"


def dossiers(record: Record, numbers: str, number: int) -> str:
    """A query for conformed dossiers: version `v` of dossier `i` for every row of `numbers`."""
    return selected(record, _expressions() | lineage(number), facts(numbers))


def _expressions() -> dict[str, str]:
    """Column -> SQL over `facts`. Others are null."""
    returned = "finished + to_hours((hash(i, 'returned') % 96)::INT)"
    return {
        "dossier_code": "code",
        "agency_code": "agency",
        "bundle": f"CASE WHEN {chance('bundled', 3)} THEN 'birth' END",
        "parent_code": f"CASE WHEN {chance('bundled', 2)} THEN 'of ' || code END",
        "procedure_code": procedure_of("number"),
        "procedure_code_raw": "format('1.{:06d}.000.00.00.{}', number, area)",
        "field_code": "format('G{:02d}-AB{:02d}', number % 20, number % 97)",
        "service_level": one_of("service_level"),
        "channel": one_of("channel"),
        "filed_on_portal": "filed_on_portal",
        "applicant_type": one_of("applicant_type"),
        "applicant_key": "md5(i::VARCHAR)",
        "is_placeholder_applicant": chance("placeholder", 1),
        "submitted_at": "received - to_seconds((hash(i, 'submitted') % 172800)::INT)",
        "received_at": "received",
        "due_at": f"CASE WHEN {chance('moved', 8)} THEN due + INTERVAL 5 DAY ELSE due END",
        "first_due_at": "due",
        "finished_at": "CASE WHEN is_finished THEN finished END",
        "returned_at": f"CASE WHEN is_returned THEN {returned} END",
        "rejected_at": f"CASE WHEN {chance('rejected', 2)} AND NOT is_finished THEN finished END",
        "status": "CASE WHEN is_returned THEN 'returned' WHEN is_finished THEN 'finished' "
        f"WHEN {chance('rejected', 2)} THEN {listed(('refused', 'withdrawn', 'stopped'), 'i % 3')} "
        "WHEN asked IS NOT NULL AND answered IS NULL THEN 'supplement_requested' "
        "ELSE 'processing' END",
        "result_delivery": one_of("result_delivery"),
        "payment": one_of("payment"),
        "fee_amount": "hash(i, 'fee') % 40 * 5000",
        "has_digitised_component": chance("digitised", 60),
        "is_vneid_verified": chance("vneid", 50),
        "has_electronic_result": f"is_finished AND {chance('electronic', 55)}",
        "supplement_count": "CASE WHEN asked IS NULL THEN 0 ELSE 1 + hash(i, 'asked') % 2 END",
        "supplement_requested_at": "asked",
        "supplement_received_at": "answered",
        "received_on": day_of("received"),
        "finished_on": f"CASE WHEN is_finished THEN {day_of('finished')} END",
        "returned_on": f"CASE WHEN is_returned THEN {day_of(returned)} END",
        "source_id": listed((source for source, _ in places()), "place"),
        "area_code": "area",
    }
