"""Loading dossiers into Postgres: our publication against pandas.to_sql.

``python -m bench.postgres [--rows 1000000] [--peer-rows 100000] [--repeat 2]``

Both load the same Parquet rows into the same empty table with its key, in turn, each in a process
of its own, on an embedded server made for this. The peer uses psycopg 3 and batches of 10,000,
the best tried: per 100,000 rows 12 s, against 24 s with psycopg2 and 175 s with
``method="multi"``; Arrow-backed frames are slower too. It is slow, so the ratio is taken at
`--peer-rows`; our load is then measured at `--rows` too. Count and sums of the hashes must agree
with the file before a time counts.
CPU is that of the load in the process and in the server together; imports and the reading of the
file, into Arrow and into a frame, are left out.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from bench import data
from bench.measurement import run_module
from catalog.outcomes import OBSERVATION_SCHEMA
from catalog.records import records
from stack.postgres import embedded_url, stop_embedded
from warehouse.postgres import Warehouse

RELEASE = "bench-2026-11-22"
SUMS = "SELECT count(*), sum(key_hash::numeric(38)), sum(content_hash::numeric(38)) FROM {}"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """`wall` seconds of the load alone; `cpu` of process and server; `memory` peak bytes of the
    process."""

    wall: float
    cpu: float
    memory: int


def ours(url: str, path: Path) -> None:
    figure = {field.name: 0 for field in OBSERVATION_SCHEMA}
    words = {f.name: "x" for f in OBSERVATION_SCHEMA if f.type == pa.string()}
    row = {**figure, **words, "release": RELEASE}
    observations = pa.Table.from_pylist([row], schema=OBSERVATION_SCHEMA)
    dossiers = pq.read_table(path)
    warehouse = Warehouse(url)
    with _clock(path):
        warehouse.publish(RELEASE, observations, {"dossier": dossiers})


def peer(url: str, path: Path) -> None:
    import pandas as pd

    frame = pd.read_parquet(path)
    engine = sa.create_engine(url)
    with _clock(path):
        frame.to_sql(
            "dossier", engine, schema="record", if_exists="append", index=False, chunksize=10_000
        )


@contextmanager
def _clock(path: Path) -> Iterator[None]:
    """Leave the wall and CPU seconds of the block beside `path` for the measuring process."""
    wall, cpu = time.monotonic(), time.process_time()
    yield
    spent = f"{time.monotonic() - wall} {time.process_time() - cpu}"
    path.with_suffix(".seconds").write_text(spent, encoding="ascii")


def measure(who: str, home: Path, url: str, path: Path) -> Load:
    """One load into an emptied table, checked against the file."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        server.execute(sa.text("TRUNCATE record.dossier, mart.observation, mart.release"))
        server.execute(sa.text("CHECKPOINT"))
    before = _server_cpu(home)
    cost = run_module("bench.postgres", who, "--url", url, "--file", str(path))
    server_cpu = _server_cpu(home) - before
    with engine.begin() as server:
        stored = tuple(server.execute(sa.text(SUMS.format("record.dossier"))).one())
    with duckdb.connect() as connection:
        expected = connection.execute(SUMS.format(f"'{path}'")).fetchall()[0]
    if stored != expected:
        raise SystemExit(f"{who}: the table does not hold the file's rows")
    wall, cpu = map(float, path.with_suffix(".seconds").read_text(encoding="ascii").split())
    return Load(wall, cpu + server_cpu, cost.memory)


def _server_cpu(home: Path) -> float:
    """CPU seconds of the server and its ended connections: proc_pid_stat(5), fields 14 to 17."""
    pid = (home / "data" / "postmaster.pid").read_text(encoding="ascii").splitlines()[0]
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def compare(folder: Path, rows: int, peer_rows: int, repeat: int) -> None:
    url = embedded_url(folder)
    Warehouse(url).migrate()
    loads: dict[tuple[str, int], list[Load]] = {}
    for number in range(repeat):
        for who, size in (("ours", peer_rows), ("peer", peer_rows), ("ours", rows)):
            path = folder / f"{size}.parquet"
            if number == 0 and not path.exists():
                data.write_base(path, records()["dossier"], size)
            load = measure(who, folder, url, path)
            loads.setdefault((who, size), []).append(load)
            print(f"{who} {size:>10,} rows  {load.wall:7.2f} s  {load.cpu:7.2f} CPU s  "
                  f"{load.memory / 1e6:6.0f} MB", flush=True)  # fmt: skip
    a, b = _best(loads["ours", peer_rows]), _best(loads["peer", peer_rows])
    full = _best(loads["ours", rows])
    scale = rows / peer_rows
    print(f"at {peer_rows:,} rows pandas.to_sql needs {b.wall / a.wall:.1f}x the time, "
          f"{b.cpu / a.cpu:.1f}x the CPU, {b.memory / a.memory:.1f}x the memory; per row, ours at "
          f"{rows:,}: {b.wall * scale / full.wall:.1f}x the time, "
          f"{b.cpu * scale / full.cpu:.1f}x the CPU")  # fmt: skip


def _best(loads: list[Load]) -> Load:
    return Load(*(min(getattr(load, name) for load in loads) for name in ("wall", "cpu", "memory")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("who", nargs="?", choices=["ours", "peer"])
    parser.add_argument("--url")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peer-rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=2)
    given = parser.parse_args()
    if given.who:
        load = {"ours": ours, "peer": peer}[given.who]
        return load(given.url, given.file)
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name:
        folder = Path(name)
        try:
            compare(folder, given.rows, given.peer_rows, given.repeat)
        finally:
            stop_embedded(folder)


if __name__ == "__main__":
    main()
