"""Great Expectations against bare SQL: our judge against the same rules as one DuckDB query.

``python -m bench.judge [--rows 300000]``

Both get the same Arrow table and must name the same failing rows of the same checks before
anything is timed. CPU of this process, without the import of Great Expectations (some seconds,
once a process); the judge also makes its findings and weighs the batch as a whole.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from bench import data
from catalog.night import Night
from catalog.records import records
from catalog.sources import Source
from expectations import Sent, judge, preload
from expectations.check import checks
from expectations.sql import condition

NIGHT = data.night(1)
DOSSIER = records()["dossier"]
SOURCE = Source.model_validate(
    {
        "source_id": "bench",
        "name_vi": "Nguồn đo",
        "area": "H26",
        "platform": "lgsp_json",
        "starts_on": "2025-07-01",
        "legal_basis": "none",
    }
)
SMALL_BATCH = 1300


def dossiers(rows: int) -> pa.Table:
    """`rows` conformed dossiers of one night; the synthetic times leave many in the future."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as folder:
        data.write_night(Path(folder) / "night", DOSSIER, 122 * rows, round(1.1 * rows), 1)
        table = ds.dataset(Path(folder) / "night", format="parquet").to_table()
    table = table.select(DOSSIER.arrow_schema.names).cast(DOSSIER.arrow_schema)
    return table.slice(0, rows).combine_chunks()


def query(rows: str, place: str, night: Night) -> str:
    """Every failing row of the relation `rows` by its `place`, with a flag for each check.

    What disagrees is grouped first, which costs half of the window that `condition` has for it.
    """
    cutoff = f"TIMESTAMPTZ '{night.cutoff.isoformat()}'"
    known = [check for check in checks().values() if DOSSIER.kind in check.records]
    rules = {check.check_id: str(condition(check, DOSSIER, cutoff)) for check in known}
    rules |= {"conflicting_versions": "is_disagreeing IS NOT NULL"}
    flags = ", ".join(f"({rule}) AS {check_id}" for check_id, rule in rules.items())
    return f"""
        WITH disagreeing AS MATERIALIZED (
            SELECT key_hash, version_at, true AS is_disagreeing FROM {rows} GROUP BY ALL
            HAVING min(content_hash) <> max(content_hash))
        SELECT * FROM (
            SELECT {place}, {flags} FROM {rows} LEFT JOIN disagreeing USING (key_hash, version_at)
        ) WHERE {" OR ".join(rules)}"""


def by_query(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> set[tuple[str, int]]:
    failing = _run(connection, table)
    return {
        (check_id, row_index)
        for check_id in failing.column_names[1:]
        for row_index in failing.filter(failing[check_id])["row_index"].to_pylist()
    }


def _run(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> pa.Table:
    index = pa.array(np.arange(table.num_rows))
    connection.register("batch", table.append_column("row_index", index))
    return connection.sql(query("batch", "row_index", NIGHT)).to_arrow_table()


def by_judge(table: pa.Table) -> set[tuple[str, int]]:
    findings = judge(SOURCE, DOSSIER, table, NIGHT, Sent(table.num_rows), []).findings
    pairs = zip(findings["check_id"].to_pylist(), findings["row_index"].to_pylist(), strict=True)
    return {(check_id, row) for check_id, row in pairs if row is not None}


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _compare(table: pa.Table, repetitions: int = 5) -> None:
    connection = duckdb.connect()
    if by_judge(table) != by_query(connection, table):
        raise SystemExit("the judge and the query disagree")
    judged, queried = [], []
    for _ in range(repetitions):
        judged.append(_cpu(lambda: judge(SOURCE, DOSSIER, table, NIGHT, Sent(table.num_rows), [])))
        queried.append(_cpu(lambda: _run(connection, table)))
    mine, peer = min(judged) * 1000, min(queried) * 1000
    print(f"judge, {table.num_rows:,} rows; best of {repetitions} alternating runs")
    print(f"  ours       {mine:8.0f} CPU ms")
    print(f"  one query  {peer:8.0f} CPU ms; ours needs {mine / peer:.2f}x")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench.judge")
    parser.add_argument("--rows", type=int, default=300_000)
    options = parser.parse_args(arguments)
    preload()
    table = dossiers(options.rows)
    _compare(table.slice(0, SMALL_BATCH))
    _compare(table)


if __name__ == "__main__":
    main(sys.argv[1:])
