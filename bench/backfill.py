"""A backfill through Great Expectations against one DuckDB query of the same rules.

``python -m bench.backfill [--rows 10000000]``

Both read the same files, one batch a source, and must name the same failing rows of the same
checks. Ours judges batch by batch, as the pipeline does: whole rows are read, findings and a
verdict made. The query sees all batches at once and reads only the columns that it needs. CPU of
all threads, without imports; each in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from bench import data
from bench.backfill_data import DOSSIER, NIGHT, write_backfill
from bench.judge import SOURCE, query
from bench.measurement import Cost, run_module
from expectations import Sent, judge, preload
from expectations.check import checks
from warehouse.lake.state import literal

PLACE = ("page_sha256", "page_row")


def by_judge(folder: Path) -> list[pa.Table]:
    """The findings of every batch, each read and judged whole."""
    found = []
    for batch in sorted(folder.glob("source_id=*")):
        table = ds.dataset(batch, format="parquet").to_table(DOSSIER.arrow_schema.names)
        found.append(judge(SOURCE, DOSSIER, table, NIGHT, Sent(table.num_rows), []).findings)
    return found


def by_query(folder: Path) -> list[pa.Table]:
    """Every failing row with a flag for each check."""
    files = f"read_parquet({literal(f'{folder}/*/*.parquet')}, hive_partitioning = false)"
    with data.connect(folder.parent) as connection:
        return [connection.sql(query(files, ", ".join(PLACE), NIGHT)).to_arrow_table()]


def _failing(tables: Iterable[pa.Table]) -> pa.Table:
    """check_id and place of every failing row, of findings as of flags."""
    parts = []
    for table in tables:
        if "check_id" in table.column_names:
            rows = table.filter(pc.is_valid(table["page_row"]))
            parts.append(rows.select(["check_id", *PLACE]))
            continue
        for check_id in table.column_names[len(PLACE) :]:
            rows = table.filter(table[check_id]).select(list(PLACE))
            parts.append(rows.add_column(0, "check_id", [pa.repeat(check_id, rows.num_rows)]))
    return pa.concat_tables(parts, promote_options="permissive")


CONTESTANTS = {"judge": by_judge, "query": by_query}


def contest(name: str, folder: Path) -> None:
    """Run one contestant; leave what it found and the CPU seconds that it took."""
    if name == "judge":
        preload()
    start = time.process_time()
    found = CONTESTANTS[name](folder / "batches")
    spent = time.process_time() - start
    (folder / f"{name}.cpu").write_text(str(spent), encoding="ascii")
    pq.write_table(_failing(found), folder / f"{name}.parquet")


def _agree(folder: Path) -> dict[str, int]:
    """How many rows fail each check, where both name the same."""
    ours, peer = (literal(str(folder / f"{name}.parquet")) for name in CONTESTANTS)
    apart = f"(FROM {ours} EXCEPT ALL FROM {peer}) UNION ALL (FROM {peer} EXCEPT ALL FROM {ours})"
    if different := duckdb.execute(apart).fetchall():
        raise SystemExit(f"the judge and the query disagree on {len(different)} rows")
    found = duckdb.execute(f"SELECT check_id, count(*) FROM {ours} GROUP BY 1").fetchall()
    known = {name for name, check in checks().items() if DOSSIER.kind in check.records}
    if idle := known - {check_id for check_id, _ in found}:
        raise SystemExit(f"no row fails {', '.join(sorted(idle))}")
    return dict(found)


def _compare(folder: Path, rows: int, repetitions: int) -> None:
    write_backfill(folder / "batches", rows)
    costs: dict[str, list[tuple[float, Cost]]] = {name: [] for name in CONTESTANTS}
    for _ in range(repetitions):
        for name, spent in costs.items():
            cost = run_module("bench.backfill", "--contestant", name, "--folder", str(folder))
            cpu = float((folder / f"{name}.cpu").read_text(encoding="ascii"))
            spent.append((cpu, cost))
    failing = _agree(folder)
    batches = sum(1 for _ in (folder / "batches").glob("source_id=*"))
    print(f"backfill, {rows:,} rows in {batches} batches; best of {repetitions} alternating runs")
    print(f"  {sum(failing.values()):,} rows fail {len(failing)} checks; {os.cpu_count()} threads")
    best = {name: min(cpu for cpu, _ in spent) for name, spent in costs.items()}
    for name, spent in costs.items():
        memory = min(cost.memory for _, cost in spent)
        print(f"  {name:10} {best[name]:8.1f} CPU s  {memory / 1e6:8.0f} MB")
    print(f"  the judge needs {best['judge'] / best['query']:.2f}x CPU")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench.backfill")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument("--contestant", choices=sorted(CONTESTANTS))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args(arguments)
    if options.contestant:
        contest(options.contestant, options.folder)
        return
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name:
        _compare(Path(name), options.rows, options.repetitions)


if __name__ == "__main__":
    main(sys.argv[1:])
